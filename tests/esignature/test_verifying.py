"""Verifying: our own sealed documents, everybody else's, and what is no document at all."""

import asyncio

import pytest
from cryptography import x509

from functions.esignature import api
from functions.esignature.wiring import assembled, esignature
from shared.identity.permissions import Role
from shared.platform.clients import container
from tests.esignature.cast import MovedClock, agree_and_sign, seal, sent, three, token_of
from tests.pades import documents
from tests.pades.people import World
from tests.support.http import Answer, call, somebody

PDF = {"content-type": "application/pdf"}


async def verify(
    tenant: str, content: bytes, *roles: Role, headers: dict[str, str] | None = None
) -> Answer:
    return await call(
        api.verifying.verify, content, caller=somebody(tenant, *roles), headers=headers or PDF
    )


async def sealed(tenant: str) -> bytes:
    envelope_id = await sent(tenant, three(1, 1, 1))
    for name in ("Ann", "Ben", "Cleo"):
        await agree_and_sign(await token_of(tenant, name))
    await seal(tenant)
    answer = await call(
        api.evidence.download_sealed,
        method="GET",
        caller=somebody(tenant),
        envelope_id=envelope_id,
    )
    return answer.body


async def test_our_own_documents_are_valid(tenant: str) -> None:
    report = (await verify(tenant, await sealed(tenant))).json
    assert (report["verdict"], report["problems"]) == ("valid", [])
    assert [each["signer_name"] for each in report["signatures"]] == [
        "Ann Signer",
        "Ben Signer",
        "Cleo Signer",
    ]
    assert {each["level"] for each in report["signatures"]} == {"B-T"}
    assert all(each["valid"] and each["time_is_trusted"] for each in report["signatures"])


async def test_one_altered_byte_makes_them_invalid(tenant: str) -> None:
    pdf = bytearray(await sealed(tenant))
    pdf[pdf.index(b"/Producer") + 12] ^= 1
    report = (await verify(tenant, bytes(pdf))).json
    assert report["verdict"] == "invalid"
    assert not any(each["intact"] for each in report["signatures"])


async def test_signers_of_others_are_not_trusted(tenant: str, world: World) -> None:
    report = (await verify(tenant, world.sign(documents.plain()).pdf)).json
    assert report["verdict"] == "invalid"
    (only,) = report["signatures"]
    assert (only["intact"], only["trusted"]) == (True, False)


async def test_an_unsigned_document_is_unsigned(tenant: str) -> None:
    assert (await verify(tenant, documents.plain())).json["verdict"] == "unsigned"


async def test_what_is_no_pdf_is_refused(tenant: str) -> None:
    refused = await verify(tenant, b"Hello")
    assert (refused.status, refused.code) == (422, "not-a-pdf")


async def test_media_type_and_size_are_checked(tenant: str) -> None:
    image = await verify(tenant, b"%PDF-", headers={"content-type": "image/png"})
    assert (image.status, image.code) == (415, "unsupported-media-type")
    large = await verify(tenant, b"%PDF-" + bytes(20 * 1024 * 1024))
    assert (large.status, large.code) == (413, "too-large")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.DRIVER])
async def test_verifying_needs_a_permission(tenant: str, role: Role) -> None:
    assert (await verify(tenant, b"%PDF-", role)).code == "forbidden"


async def test_anybody_may_have_the_root_certificate() -> None:
    answer = await call(api.verifying.read_certificate_authority, method="GET")
    assert (answer.status, answer.media_type) == (200, "application/pem-certificate-chain")
    root = x509.load_pem_x509_certificate(answer.body)
    assert root.subject == root.issuer
    assert b"PRIVATE" not in answer.body


async def test_two_instances_share_one_authority() -> None:
    """Even if both are the first to need it; its key never shows in the audit trail."""
    kept = container("esignature")
    await kept.delete_item("certificate-authority", ["system", "certificate-authority"])
    items = kept.query_items(
        "SELECT * FROM c WHERE c.kind = 'audit'",
        partition_key=["system", "certificate-authority"],
    )
    for item in [item async for item in items]:
        await kept.delete_item(item["id"], ["system", "certificate-authority"])
    one, other = assembled(MovedClock()), assembled(MovedClock())
    pems = await asyncio.gather(one.sealing.authority_pem(), other.sealing.authority_pem())

    assert pems[0] == pems[1]
    items = kept.query_items(
        "SELECT * FROM c WHERE c.kind = 'audit'",
        partition_key=["system", "certificate-authority"],
    )
    (entry,) = [item["entry"] async for item in items]
    assert entry["changes"]["key_pem"] == ["(hidden)", "(hidden)"]
    assert await esignature().sealing.authority_pem() == pems[0]
