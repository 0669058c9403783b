"""What a signature promises: its level, one key operation, and never a silent downgrade."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.tsa.authority import make
from shared.pades.certificates import KeyKind, issue, make_root
from shared.pades.errors import (
    AlreadySigned,
    DocumentLocked,
    FieldNameTaken,
    NotAPdf,
    PadesError,
    PageNotFound,
    PdfDamaged,
    PdfEncrypted,
    PictureRefused,
    PlacementRefused,
    RequestRefused,
    SignatureTooLarge,
    TimestampUnavailable,
)
from shared.pades.geometry import Fractions, Rectangle
from shared.pades.identity import SigningIdentity
from shared.pades.levels import Level
from shared.pades.report import Coverage
from shared.pades.signing import SignatureField, sign
from shared.pades.stamping import stamp
from tests.pades import documents
from tests.pades.people import NOW, PLACE, World


@pytest.mark.parametrize("kind", list(KeyKind))
def test_signature_without_timestamp_is_b_b_and_appended_only(world: World, kind: KeyKind) -> None:
    pdf = documents.plain()
    signed = world.sign(pdf, kind=kind)
    assert signed.level is Level.B_B
    assert signed.pdf.startswith(pdf)
    report = world.verify(signed.pdf)
    assert report.valid, report
    (only,) = report.signatures
    assert (only.level, only.coverage) == (Level.B_B, Coverage.DOCUMENT)
    assert (only.signer_name, only.signer_email) == ("Ana S1", "ana@example.com")
    assert only.signed_at == NOW
    assert not only.time_is_trusted


@pytest.mark.parametrize("kind", list(KeyKind))
def test_one_key_operation_and_one_timestamp_make_b_t(world: World, kind: KeyKind) -> None:
    whole = issue(world.root, name="Ana", now=NOW, kind=kind)
    operations: list[bytes] = []

    def counted(data: bytes) -> bytes:
        operations.append(data)
        return whole.sign(data)

    signed = sign(
        documents.plain(),
        signer=dataclasses.replace(whole, sign=counted),
        field=SignatureField("S1"),
        appearance=None,
        reason="I agree",
        signed_at=NOW,
        timestamper=world.timestamp,
    )
    assert signed.level is Level.B_T
    assert (len(operations), len(world.tokens)) == (1, 1)
    (only,) = world.verify(signed.pdf).signatures
    assert only.valid
    assert only.level is Level.B_T
    assert only.time_is_trusted


def test_timestamp_failure_is_an_error_and_never_a_lower_level(world: World) -> None:
    def down(digest: bytes) -> bytes:
        raise TimestampUnavailable("no answer")

    pdf = documents.plain()
    before = bytes(bytearray(pdf))
    with pytest.raises(TimestampUnavailable):
        world.sign(pdf, timestamper=down)
    assert pdf == before
    assert world.sign(pdf, timestamper=world.timestamp).level is Level.B_T  # a retry succeeds


@pytest.mark.parametrize("token", [b"", b"rubbish", b"\x30\x00", b"\x30\x03\x02\x01\x05"])
def test_timestamper_that_returns_rubbish_is_found_out(world: World, token: bytes) -> None:
    with pytest.raises(TimestampUnavailable):
        world.sign(documents.plain(), timestamper=lambda digest: token)


def test_timestamp_over_something_else_is_found_out(world: World) -> None:
    other = world.timestamp(b"\1" * 32)
    with pytest.raises(TimestampUnavailable):
        world.sign(documents.plain(), timestamper=lambda digest: other)


def test_same_field_name_cannot_be_signed_twice(world: World) -> None:
    signed = world.sign(documents.plain()).pdf
    with pytest.raises(FieldNameTaken):
        world.sign(signed)


def test_certified_document_takes_further_signers(world: World) -> None:
    fields = (
        SignatureField("first", 1, Fractions(0.1, 0.3, 0.3, 0.1)),
        SignatureField("second", 2, Fractions(0.1, 0.5, 0.3, 0.1)),
        SignatureField("third", 1, Fractions(0.1, 0.6, 0.3, 0.1)),
    )
    pdf = documents.plain(pages=2)
    signed = world.sign(pdf, "platform", area=None, certify=True, reserve=fields).pdf
    for field in fields:
        signed = world.sign(signed, field.name, page=field.page, timestamper=world.timestamp).pdf
        assert world.verify(signed).valid
    report = world.verify(signed)
    assert len(report.signatures) == 4
    assert [each.signer_name for each in report.signatures[1:]] == [
        "Ana first",
        "Ana second",
        "Ana third",
    ]
    with pytest.raises(FieldNameTaken):
        world.sign(signed, "first")
    with pytest.raises(DocumentLocked):
        world.sign(signed, "uninvited")
    assert world.verify(world.sign(signed, "unseen", area=None).pdf).valid


def test_reserved_fields_need_names_and_pages_of_their_own(world: World) -> None:
    pdf = documents.plain()
    for names in (("S1",), ("a", "a")):
        with pytest.raises(FieldNameTaken):
            world.sign(pdf, reserve=tuple(SignatureField(name) for name in names))
    with pytest.raises(PageNotFound):
        world.sign(pdf, reserve=(SignatureField("a", 2),))


def test_certification_after_a_signature_is_refused(world: World) -> None:
    signed = world.sign(documents.plain()).pdf
    with pytest.raises(AlreadySigned):
        world.sign(signed, "S2", certify=True)


def test_document_certified_against_all_changes_is_refused(world: World) -> None:
    signed = world.sign(documents.plain(), certify=True).pdf
    locked = signed.replace(b"/P 2\n", b"/P 1\n")
    assert locked != signed
    with pytest.raises(DocumentLocked):
        world.sign(locked, "S2")


def test_weak_digest_named_by_the_document_is_ignored(world: World) -> None:
    signed = world.sign(documents.plain(), certify=True).pdf
    weak = signed.replace(b"/DigestMethod /SHA256", b"/DigestMethod /MD5   ")
    assert weak != signed
    newest = world.verify(world.sign(weak, "S2", area=None).pdf).signatures[-1]
    assert newest.valid, newest  # pyHanko refuses MD5


def test_fields_without_names_and_indirect_arrays_are_kept(world: World) -> None:
    pdf = documents.raw(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
            documents.PAGES,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Annots 7 0 R>>",
            b"<</Fields 5 0 R>>",
            b"[6 0 R]",
            b"<</FT/Tx/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R>>",
            b"[6 0 R]",
        ]
    )
    first = world.sign(pdf).pdf
    report = world.verify(world.sign(first, "S2").pdf)
    assert report.valid, report
    assert len(report.signatures) == 2


def test_file_whose_size_is_understated_is_signed_after_a_rewrite(world: World) -> None:
    pdf = documents.raw([documents.CATALOG, documents.PAGES, documents.PAGE], size=2)
    with pytest.raises(PdfDamaged):
        world.sign(pdf)
    assert world.verify(world.sign(stamp(pdf, [])).pdf).valid


@pytest.mark.parametrize(
    ("pdf", "refusal"),
    [
        (b"", NotAPdf),
        (b"Hello", NotAPdf),
        (b"%PDF-1.7\nnothing follows", NotAPdf),
        (documents.encrypted(""), PdfEncrypted),
        (documents.encrypted("secret"), PdfEncrypted),
        (documents.plain().replace(b"startxref\n", b"startxref\n9"), PdfDamaged),
    ],
)
def test_unfit_documents_are_refused(world: World, pdf: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        world.sign(pdf)


def test_requests_that_do_not_fit_are_refused(world: World) -> None:
    identity = issue(world.root, name="Ana", now=NOW, kind=KeyKind.EC_P256)

    def attempt(field: SignatureField, at: datetime = NOW, picture: bytes | None = None) -> None:
        from shared.pades.appearance import Appearance

        sign(
            documents.plain(),
            signer=identity,
            field=field,
            appearance=Appearance("Ana", picture),
            reason="",
            signed_at=at,
            timestamper=None,
        )

    with pytest.raises(PageNotFound):
        attempt(SignatureField("S1", 2))
    with pytest.raises(PageNotFound):
        attempt(SignatureField("S1", 0))
    with pytest.raises(PlacementRefused):
        attempt(SignatureField("S1", 1, Rectangle(500, 800, 900, 900)))
    with pytest.raises(PictureRefused):
        attempt(SignatureField("S1", 1, PLACE), picture=b"GIF89a")
    with pytest.raises(RequestRefused):
        attempt(SignatureField("S1"), at=NOW.replace(tzinfo=None))
    for name in ("", "a.b", "x" * 121):
        with pytest.raises(RequestRefused):
            SignatureField(name)


def test_chain_that_outgrows_the_reserved_space_is_refused(world: World) -> None:
    whole = issue(world.root, name="Ana", now=NOW, kind=KeyKind.EC_P256)
    bloated = SigningIdentity(whole.certificate, whole.chain * 30, whole.sign)
    with pytest.raises(SignatureTooLarge):
        sign(
            documents.plain(),
            signer=bloated,
            field=SignatureField("S1"),
            appearance=None,
            reason="",
            signed_at=NOW,
            timestamper=None,
        )


def test_many_threads_sign_at_once(world: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = [f"S{number}" for number in range(24)]
        signed = list(pool.map(lambda name: world.sign(documents.plain(), name), names))
    for name, each in zip(names, signed, strict=True):
        report = world.verify(each.pdf)
        assert report.valid, report
        assert report.signatures[0].signer_name == f"Ana {name}"


@settings(max_examples=80, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), new=st.binary(min_size=1, max_size=10))
def test_damaged_files_are_signed_or_refused_by_name(place: float, new: bytes) -> None:
    pdf = bytearray(documents.plain())
    at = int(place * len(pdf))
    pdf[at : at + len(new)] = new
    with suppress(PadesError):
        assert _fuzzed().sign(bytes(pdf)).pdf.startswith(pdf)


@cache
def _fuzzed() -> World:
    return World(make_root("Fuzz Root", now=NOW), make(lambda: NOW))
