"""What the verifier believes, and what it does not: altered bytes, forged times, hidden data."""

import asyncio
from datetime import timedelta
from functools import cache
from io import BytesIO

import pytest
from asn1crypto import cms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader, PdfWriter

from local.tsa.authority import make
from shared.pades.certificates import make_root
from shared.pades.errors import NotAPdf
from shared.pades.levels import Level
from shared.pades.report import Changes, Coverage, Verdict
from shared.pades.verifying import verify
from tests.pades import documents
from tests.pades.people import LATER, NOW, World


@cache
def _world() -> World:
    return World(make_root("Test Root", now=NOW), make(lambda: NOW))


@cache
def _signed_twice() -> bytes:
    world = _world()
    once = world.sign(documents.plain(), timestamper=world.timestamp).pdf
    return world.sign(once, "S2", timestamper=world.timestamp).pdf


def _gaps(pdf: bytes) -> list[tuple[int, int]]:
    found = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return [(int(each.byte_range[1]), int(each.byte_range[2])) for each in found]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_any_altered_byte_in_the_signed_ranges_is_found(place: float, mask: int) -> None:
    pdf = bytearray(_signed_twice())
    gaps = _gaps(bytes(pdf))
    signed = [at for at in range(len(pdf)) if not any(a <= at < b for a, b in gaps)]
    pdf[signed[int(place * len(signed))]] ^= mask
    if pdf.startswith(b"%PDF-"):
        report = _world().verify(bytes(pdf))
        assert not report.valid
    else:
        with pytest.raises(NotAPdf):
            _world().verify(bytes(pdf))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_any_altered_byte_of_a_signature_is_found(place: float, mask: int) -> None:
    """Padding included: what is not the signature must be zeros, so that nothing hides there."""
    pdf = bytearray(_signed_twice())
    start, end = _gaps(bytes(pdf))[0]
    at = start + 1 + int(place * (end - start - 2))
    before = bytes(pdf)
    pdf[at] ^= mask
    if bytes(pdf[at : at + 1]).lower() != before[at : at + 1].lower():
        assert not _world().verify(bytes(pdf)).valid


@settings(max_examples=40, deadline=None)
@given(cut=st.floats(0, 1), junk=st.binary(max_size=40))
def test_truncated_and_extended_files_never_raise(cut: float, junk: bytes) -> None:
    pdf = _signed_twice()
    broken = b"%PDF-" + pdf[5 : 5 + int(cut * (len(pdf) - 6))] + junk
    assert not _world().verify(broken).valid


@settings(max_examples=60, deadline=None)
@given(junk=st.binary(max_size=300))
def test_rubbish_never_raises_anything_but_not_a_pdf(junk: bytes) -> None:
    with pytest.raises(NotAPdf):
        _world().verify(b"x" + junk)
    assert not _world().verify(b"%PDF-1.7\n" + junk).valid


def test_unsigned_document_is_not_valid(world: World) -> None:
    report = world.verify(documents.plain())
    assert report.verdict is Verdict.UNSIGNED
    assert not report.valid


def test_stranger_is_intact_and_not_trusted(world: World) -> None:
    other = World(make_root("Another Root", now=NOW), world.tsa)
    (only,) = world.verify(other.sign(documents.plain()).pdf).signatures
    assert only.intact
    assert not only.trusted
    assert not only.valid


def test_stranger_with_the_same_names_as_ours_is_not_trusted(world: World) -> None:
    impostor = World(make_root("Test Root", now=NOW), world.tsa)
    assert not world.verify(impostor.sign(documents.plain()).pdf).valid


def test_certificate_outlives_its_period_only_with_a_timestamp(world: World) -> None:
    next_year = NOW + timedelta(days=400)
    stamped = world.sign(documents.plain(), timestamper=world.timestamp).pdf
    assert world.verify(stamped, next_year).valid
    bare = world.sign(documents.plain()).pdf
    assert world.verify(bare, LATER).valid
    assert not world.verify(bare, next_year).valid


def test_signature_timestamped_after_the_certificate_expired_is_invalid(world: World) -> None:
    late = World(world.root, make(lambda: NOW + timedelta(days=3)))
    pdf = world.sign(documents.plain(), timestamper=late.timestamp).pdf
    assert not late.verify(pdf, NOW + timedelta(days=4)).valid


def test_timestamp_of_an_authority_that_we_do_not_trust_counts_for_nothing(world: World) -> None:
    other = World(world.root, make(lambda: NOW))
    pdf = world.sign(documents.plain(), timestamper=other.timestamp).pdf
    (only,) = world.verify(pdf).signatures
    assert not only.valid
    assert not only.time_is_trusted
    assert only.level is Level.B_B


def test_forged_timestamp_time_is_rejected(world: World) -> None:
    pdf = world.sign(documents.plain(), timestamper=world.timestamp).pdf
    genuine = b"20260301093000Z".hex().encode()
    assert pdf.count(genuine) == 1
    forged = pdf.replace(genuine, b"20190301093000Z".hex().encode())
    report = world.verify(forged)
    assert not report.valid
    assert not report.signatures[0].time_is_trusted
    assert "timestamp" in report.signatures[0].problems[0]


def test_timestamp_moved_from_another_signature_is_rejected(world: World) -> None:
    tokens: list[bytes] = []

    def kept(digest: bytes) -> bytes:
        tokens.append(world.timestamp(digest))
        return tokens[-1]

    first = world.sign(documents.plain(), timestamper=kept).pdf
    world.sign(documents.plain(), timestamper=kept)
    moved = first.replace(tokens[0].hex().encode(), tokens[1].hex().encode())
    assert moved != first
    assert len(moved) == len(first)
    assert not world.verify(moved).valid


def test_content_changed_in_a_later_revision_is_found(world: World) -> None:
    signed = world.sign(documents.plain()).pdf
    writer = PdfWriter(BytesIO(signed), incremental=True)
    writer.pages[0].mediabox.upper_right = (10, 10)
    report = world.verify(documents.written(writer))
    assert not report.valid
    assert report.signatures[0].intact
    assert report.signatures[0].changes is Changes.OTHER


@pytest.mark.parametrize("tail", [b"hidden", b"PK\5\6" + b"\0" * 18, b"1 0 obj<<>>endobj"])
def test_bytes_behind_the_last_revision_are_found(world: World, tail: bytes) -> None:
    assert not world.verify(world.sign(documents.plain()).pdf + tail).valid


def test_second_signature_leaves_the_first_valid_and_says_what_changed() -> None:
    first, second = _world().verify(_signed_twice()).signatures
    assert (first.coverage, first.changes) == (Coverage.REVISION, Changes.FORM_FILLING)
    assert (second.coverage, second.changes) == (Coverage.DOCUMENT, Changes.NONE)


def test_signed_attributes_are_exactly_those_of_pades(world: World) -> None:
    signed = world.sign(documents.plain()).pdf
    assert b"/ETSI.CAdES.detached" in signed
    info = cms.ContentInfo.load(
        bytes(PdfFileReader(BytesIO(signed)).embedded_signatures[0].pkcs7_content)
    )
    attributes = info["content"]["signer_infos"][0]["signed_attrs"]
    kinds = {each["type"].native for each in attributes}
    assert kinds == {"content_type", "message_digest", "signing_certificate_v2"}


def test_roots_may_be_pem_or_der_and_no_roots_trust_nobody(world: World) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    pdf = world.sign(documents.plain()).pdf
    der = world.root.certificate.public_bytes(Encoding.DER)
    assert verify(pdf, roots=[der], now=LATER).valid
    assert verify(pdf, roots=[world.root.certificate_pem()], now=LATER).valid
    assert not verify(pdf, roots=[], now=LATER).valid


def test_nothing_is_said_on_the_side(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    pdf = world.sign(documents.plain(), timestamper=world.timestamp).pdf
    world.verify(pdf)
    world.verify(pdf[: len(pdf) // 2])
    world.verify(pdf.replace(b"Page 1", b"Page 2"))
    assert capfd.readouterr() == ("", "")


def test_signed_document_still_opens_elsewhere(world: World) -> None:
    assert len(PdfReader(BytesIO(world.sign(documents.plain(3)).pdf)).pages) == 3


async def test_call_from_an_event_loop_is_a_mistake_and_no_verdict(world: World) -> None:
    pdf = world.sign(documents.plain()).pdf
    with pytest.raises(RuntimeError, match="worker thread"):
        world.verify(pdf)
    assert (await asyncio.to_thread(world.verify, pdf)).valid
