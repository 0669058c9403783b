"""Sealing: real signatures, checked by other hands; outages, repeats, two at once."""

import asyncio
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import NameObject

from functions.esignature import api, events
from functions.esignature.wiring import esignature
from local.process import Process
from shared.contracts.esignature import SEALED, EnvelopeCompleted
from shared.errors import Unavailable
from shared.files.blobs import Blobs
from shared.pades.levels import Level
from shared.pades.report import Report, Verdict
from shared.pades.verifying import verify
from shared.platform import clock
from shared.platform.clients import NotConfigured, blobs
from tests.esignature.cast import (
    agree_and_sign,
    drawn,
    field,
    look,
    png,
    read,
    seal,
    seal_jobs,
    sent,
    signer,
    three,
    token_of,
)
from tests.pades import documents
from tests.pades.people import World
from tests.pades.validators import needs_pdfsig, needs_qpdf, pdfsig, qpdf
from tests.support.azure import configured
from tests.support.http import Answer, call, somebody
from tests.support.messages import message, told_by

NOBODY = "http://127.0.0.1:9"


async def sealed(tenant: str, envelope_id: str) -> Answer:
    return await call(
        api.evidence.download_sealed,
        method="GET",
        caller=somebody(tenant),
        envelope_id=envelope_id,
    )


async def report(pdf: bytes, tsa_root: str) -> Report:
    roots = [await esignature().sealing.authority_pem()]
    return await asyncio.to_thread(
        verify, pdf, roots=roots, timestamp_roots=[tsa_root.encode()], now=clock.now()
    )


async def blob(tenant: str, envelope_id: str, name: str) -> bytes:
    kept = Blobs(blobs(), SEALED, clock.now)
    return await kept.read(f"{tenant}/{envelope_id}/{name}", 10**8)


async def test_one_signer_gives_one_valid_signature_on_the_untouched_document(
    tenant: str, tsa_root: str
) -> None:
    pdf = documents.plain(2)
    envelope_id = await sent(tenant, pdf=pdf)
    token = await token_of(tenant)
    await agree_and_sign(token, signature=drawn(png()))
    assert (await sealed(tenant, envelope_id)).code == "envelope-not-sealed"
    await seal(tenant)

    given_out = await sealed(tenant, envelope_id)
    assert given_out.body.startswith(pdf)
    found = await report(given_out.body, tsa_root)
    assert found.valid, found
    (only,) = found.signatures
    assert (only.signer_name, only.signer_email) == ("Ann Signer", "ann.signer@example.com")
    assert (only.level, only.time_is_trusted) == (Level.B_T, True)
    envelope = await read(tenant, envelope_id)
    assert envelope["status"] == "completed"
    assert envelope["sealed"]["sha256"] == sha256(given_out.body).hexdigest()
    assert (await look(token)).json["state"] == "completed"
    document = await call(api.signing.download_signing_document, method="GET", token=token)
    assert document.body == given_out.body
    page = await call(api.signing.read_signing_page, method="GET", token=token, number="1")
    assert page.etag.startswith(f'"{envelope["sealed"]["sha256"]}')


async def test_a_certificate_names_an_address_only_if_the_link_went_there(
    tenant: str, tsa_root: str
) -> None:
    envelope_id = await sent(tenant, [signer(channel="sms", phone="+493012345678")])
    await agree_and_sign(await token_of(tenant))
    await seal(tenant)
    (only,) = (await report((await sealed(tenant, envelope_id)).body, tsa_root)).signatures
    assert (only.signer_name, only.signer_email) == ("Ann Signer", None)


@needs_pdfsig
@needs_qpdf
@pytest.mark.parametrize("orders", [(1, 1, 1), (3, 1, 2)])
@pytest.mark.parametrize("flavour", documents.FLAVOURS)
async def test_three_signers_each_have_a_signature_of_their_own(
    tenant: str, tsa_root: str, tmp_path: Path, orders: tuple[int, int, int], flavour: str
) -> None:
    signers = three(*orders)
    signers[0]["fields"] += [
        field("text", id="city", y=0.9, width=0.5),
        field("date", id="day", page=2),
        field("initials", id="ini", page=2, y=0.5),
    ]
    envelope_id = await sent(tenant, signers, documents.flavoured(flavour))
    names = ("Ann", "Ben", "Cleo")
    order = [name for _, name in sorted(zip(orders, names, strict=True))]
    for name in order:
        more = {"initials": drawn(png()), "values": {"city": "Ærøskøbing"}} if name == "Ann" else {}
        signed = await agree_and_sign(await token_of(tenant, name), **more)
        assert signed.status == 200, signed.body
    await seal(tenant)

    pdf = (await sealed(tenant, envelope_id)).body
    found = await report(pdf, tsa_root)
    assert found.valid, found
    assert [each.signer_name for each in found.signatures] == [f"{name} Signer" for name in order]
    assert {each.level for each in found.signatures} == {Level.B_T}
    assert "Ærøskøbing" in PdfReader(BytesIO(pdf)).pages[0].extract_text()
    assert clock.now().date().isoformat() in PdfReader(BytesIO(pdf)).pages[1].extract_text()
    path = tmp_path / "sealed.pdf"
    path.write_bytes(pdf)
    assert pdfsig(path) == ["Signature is Valid."] * 3
    assert qpdf(path) == 0


async def test_each_signature_field_is_signed(tenant: str, tsa_root: str) -> None:
    fields = [field(id="a.1"), field(id="a-1", page=2)]
    envelope_id = await sent(tenant, [signer(fields=fields)])
    await agree_and_sign(await token_of(tenant))
    await seal(tenant)
    found = await report((await sealed(tenant, envelope_id)).body, tsa_root)
    assert found.valid
    assert [each.signer_name for each in found.signatures] == ["Ann Signer"] * 2


async def test_a_document_that_was_signed_before_keeps_its_signature(
    tenant: str, tsa_root: str, world: World
) -> None:
    before = world.sign(documents.plain()).pdf
    envelope_id = await sent(tenant, pdf=before)
    await agree_and_sign(await token_of(tenant))
    await seal(tenant)
    pdf = (await sealed(tenant, envelope_id)).body
    assert pdf.startswith(before)
    found = await report(pdf, tsa_root)
    assert [each.intact for each in found.signatures] == [True, True]
    assert found.signatures[1].valid


async def test_a_damaged_document_is_mended_by_rewriting(tenant: str, tsa_root: str) -> None:
    plain = documents.plain()
    broken = plain[: plain.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n"
    envelope_id = await sent(tenant, pdf=broken)
    await agree_and_sign(await token_of(tenant))
    await seal(tenant)
    assert (await report((await sealed(tenant, envelope_id)).body, tsa_root)).valid


async def test_addresses_and_names_of_the_whole_world_are_sealed(
    tenant: str, tsa_root: str
) -> None:
    person = signer("Jörg Łukasz Ὀδυσσεύς", email="jörg@exämple.com")
    envelope_id = await sent(tenant, [person], title="Договор аренды " * 10)
    await agree_and_sign(await token_of(tenant, "Jörg"))
    await seal(tenant)
    found = await report((await sealed(tenant, envelope_id)).body, tsa_root)
    assert found.valid
    assert found.signatures[0].signer_name == "Jörg Łukasz Ὀδυσσεύς"


async def test_completion_is_told_once_however_often_the_job_comes(tenant: str) -> None:
    envelope_id = await sent(tenant, three(1, 1, 1))
    for name in ("Ann", "Ben", "Cleo"):
        await agree_and_sign(await token_of(tenant, name))
    (job,) = await seal_jobs(tenant)
    for number in range(3):
        await events.seal(message(job, message_id=f"delivery-{number % 2}"))

    (told,) = await told_by("esignature", tenant, EnvelopeCompleted)
    event = EnvelopeCompleted(**told)
    pdf = await blob(tenant, envelope_id, "sealed.pdf")
    assert event.sealed_path == f"{tenant}/{envelope_id}/sealed.pdf"
    assert (event.sha256, event.size_bytes) == (sha256(pdf).hexdigest(), len(pdf))
    assert [each.name for each in event.signers] == ["Ann Signer", "Ben Signer", "Cleo Signer"]
    assert event.created_by == "u-1"


async def test_two_deliveries_at_once_seal_one_pdf(tenant: str) -> None:
    envelope_id = await sent(tenant)
    await agree_and_sign(await token_of(tenant))
    (job,) = await seal_jobs(tenant)
    await asyncio.gather(
        *(events.seal(message(job, message_id=f"m-{number}")) for number in range(2))
    )
    envelope = await read(tenant, envelope_id)
    pdf = await blob(tenant, envelope_id, "sealed.pdf")
    assert envelope["sealed"]["sha256"] == sha256(pdf).hexdigest()
    assert len(await told_by("esignature", tenant, EnvelopeCompleted)) == 1


async def test_what_a_run_that_died_left_behind_is_taken_over(
    tenant: str, timestamping: Process
) -> None:
    """It died after the PDF was kept: with the authority gone, the next run still completes."""
    envelope_id = await sent(tenant)
    await agree_and_sign(await token_of(tenant))
    sealing = esignature().sealing
    stored = await esignature().envelopes.get(tenant, envelope_id)
    made = await sealing._signed(stored.document)
    await sealing._papers.keep(stored.document, "sealed.pdf", made, "application/pdf")
    with configured(TSA__url=NOBODY):
        await seal(tenant)
    assert (await sealed(tenant, envelope_id)).body == made


async def test_without_the_timestamp_authority_nothing_is_half_done(tenant: str) -> None:
    envelope_id = await sent(tenant)
    await agree_and_sign(await token_of(tenant))
    with configured(TSA__url=NOBODY), pytest.raises(Unavailable, match="timestamp"):
        await seal(tenant)

    assert (await read(tenant, envelope_id))["status"] == "sealing"
    kept = esignature().sealing._papers
    envelope = (await esignature().envelopes.get(tenant, envelope_id)).document
    assert await kept.found(envelope, "sealed.pdf") is None
    assert await kept.found(envelope, "evidence.pdf") is None
    await seal(tenant)
    assert (await read(tenant, envelope_id))["status"] == "completed"


async def test_without_a_configured_authority_nothing_is_sealed(tenant: str) -> None:
    await sent(tenant)
    await agree_and_sign(await token_of(tenant))
    with configured(TSA__url=""), pytest.raises(NotConfigured):
        await seal(tenant)


async def test_a_copy_altered_in_storage_is_never_sealed_nor_shown(tenant: str) -> None:
    envelope_id = await sent(tenant)
    token = await token_of(tenant)
    kept = Blobs(blobs(), SEALED, clock.now)
    await kept.put(
        f"{tenant}/{envelope_id}/original.pdf",
        documents.plain(5),
        media_type="application/pdf",
        overwrite=True,
    )
    document = await call(api.signing.download_signing_document, method="GET", token=token)
    assert (document.status, document.code) == (409, "content-altered")


async def test_the_document_may_vanish_once_the_envelope_is_made(tenant: str) -> None:
    from shared.contracts.documents import CONTENT, content_path

    envelope_id = await sent(tenant)
    document_id = (await read(tenant, envelope_id))["document_id"]
    await Blobs(blobs(), CONTENT, clock.now).delete(content_path(tenant, document_id, 1))
    await agree_and_sign(await token_of(tenant))
    await seal(tenant)
    assert (await sealed(tenant, envelope_id)).status == 200


def test_the_verifier_used_here_does_find_what_is_wrong() -> None:
    nothing = verify(documents.plain(), roots=[], timestamp_roots=[], now=clock.now())
    assert nothing.verdict is Verdict.UNSIGNED


async def test_a_sealed_pdf_that_was_exchanged_in_storage_is_not_handed_out(tenant: str) -> None:
    """Even where its blob's own metadata were made to fit."""
    envelope_id = await sent(tenant)
    token = await token_of(tenant)
    await agree_and_sign(token)
    await seal(tenant)
    other = documents.plain(7)
    await Blobs(blobs(), SEALED, clock.now).put(
        f"{tenant}/{envelope_id}/sealed.pdf",
        other,
        media_type="application/pdf",
        metadata={"sha256": sha256(other).hexdigest()},
        overwrite=True,
    )
    document = await call(api.signing.download_signing_document, method="GET", token=token)
    for refused in (await sealed(tenant, envelope_id), document):
        assert (refused.status, refused.code) == (409, "content-altered")


async def test_nothing_is_sealed_for_who_has_not_signed(tenant: str) -> None:
    envelope_id = await sent(tenant)
    stored = await esignature().envelopes.get(tenant, envelope_id)
    with pytest.raises(ValueError, match="has given no signature"):
        await esignature().sealing._signed(stored.document)


async def test_typed_initials_stand_on_the_page(tenant: str) -> None:
    fields = [field(), field("initials", page=2, y=0.5), field("initials", y=0.9, required=False)]
    envelope_id = await sent(tenant, [signer(fields=fields)])
    token = await token_of(tenant)
    await agree_and_sign(token, initials={"kind": "typed", "text": "QZX"})
    await seal(tenant)
    pages = PdfReader(BytesIO((await sealed(tenant, envelope_id)).body)).pages
    assert "QZX" in pages[1].extract_text()


async def test_initials_that_nobody_had_to_give_stay_empty(tenant: str, tsa_root: str) -> None:
    fields = [field(), field("initials", y=0.9, required=False)]
    envelope_id = await sent(tenant, [signer(fields=fields)])
    await agree_and_sign(await token_of(tenant))
    await seal(tenant)
    assert (await report((await sealed(tenant, envelope_id)).body, tsa_root)).valid


async def test_whatever_is_typed_the_caption_names_the_signer(tenant: str) -> None:
    envelope_id = await sent(tenant)
    await agree_and_sign(
        await token_of(tenant), signature={"kind": "typed", "text": "Ben Somebody"}
    )
    await seal(tenant)
    pdf = (await sealed(tenant, envelope_id)).body
    (widget,) = PdfReader(BytesIO(pdf)).pages[0].annotations or []
    seen = PageObject.create_blank_page(width=200, height=100)
    form = widget.get_object()["/AP"]["/N"]
    seen[NameObject("/Contents")] = form
    seen[NameObject("/Resources")] = form.get_object()["/Resources"]
    text = seen.extract_text()
    assert "Ben Somebody" in text
    assert "Ann Signer" in text
