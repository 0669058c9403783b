"""The sealed PDF of an envelope becomes a version, once, whatever comes between."""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from functions.documents import wiring
from functions.documents.api.content import open_version
from functions.documents.events import on_envelope_completed
from functions.documents.service.accepting import AcceptingService
from shared.contracts.documents import VersionAdded, content_path
from shared.contracts.esignature import EnvelopeCompleted
from shared.errors import Missing
from shared.platform import clock
from shared.records.document import Stored
from tests.documents import files
from tests.documents.conftest import Client
from tests.documents.test_reading import get, removed
from tests.support.http import call
from tests.support.messages import message, told_by

PDF = "application/pdf"


async def completed(tenant: str, document_id: str, pdf: bytes, **more: str) -> EnvelopeCompleted:
    """The event, with its sealed PDF where it says."""
    envelope_id = more.get("envelope_id", "e-1")
    path = f"{tenant}/{envelope_id}/sealed.pdf"
    await wiring.sealed().put(path, pdf, media_type=PDF, overwrite=True)
    return EnvelopeCompleted(
        tenant_id=tenant,
        at=datetime.now(UTC),
        envelope_id=envelope_id,
        title="Contract",
        document_id=document_id,
        document_version=1,
        sealed_path=path,
        sha256=more.get("sha256", sha256(pdf).hexdigest()),
        size_bytes=len(pdf),
        created_by="u-9",
        signers=[],
    )


async def test_the_sealed_pdf_is_the_next_version(client: Client, tenant: str) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    sealed = files.pdf(title="sealed")
    event = await completed(tenant, document_id, sealed)
    for _ in range(3):
        await on_envelope_completed(message(event))
    await on_envelope_completed(message(event, message_id="another"))
    assert (await get(client.caller, document_id)).body == sealed
    versions = (await wiring.records().get(tenant, document_id)).document.versions
    assert [version.envelope_id for version in versions] == [None, "e-1"]
    told = await told_by("documents", tenant, VersionAdded)
    assert [(each["version"], each["added_by"]) for each in told] == [(1, "u-1"), (2, "u-9")]
    facts = await wiring.contents().facts(content_path(tenant, document_id, 2))
    assert facts.metadata["sha256"] == event.sha256


async def test_deliveries_at_once_add_one_version(client: Client, tenant: str) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    event = await completed(tenant, document_id, files.pdf(title="sealed"))
    await asyncio.gather(*(on_envelope_completed(message(event)) for _ in range(3)))
    document = (await wiring.records().get(tenant, document_id)).document
    assert len(document.versions) == 2


async def test_two_envelopes_of_one_document_take_two_numbers(client: Client, tenant: str) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    events = [
        await completed(tenant, document_id, files.pdf(title=name), envelope_id=name)
        for name in ("e-1", "e-2")
    ]

    async def delivered(event: EnvelopeCompleted) -> None:
        for _ in range(10):  # as often as Service Bus would
            try:
                await on_envelope_completed(message(event))
            except Exception:  # noqa: BLE001 - whatever it is, the message comes again
                continue
            return

    await asyncio.gather(*map(delivered, events))
    document = (await wiring.records().get(tenant, document_id)).document
    assert {version.envelope_id for version in document.versions} == {None, "e-1", "e-2"}
    for version in document.versions[1:]:
        content = await wiring.contents().read(
            content_path(tenant, document_id, version.number), 9999
        )
        assert sha256(content).hexdigest() == version.sha256


async def test_a_number_taken_by_other_content_is_tried_again_later(
    client: Client, tenant: str
) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    event = await completed(tenant, document_id, files.pdf(title="sealed"))
    path = content_path(tenant, document_id, 2)
    metadata = {"sha256": "other", "source": "envelope"}
    await wiring.contents().put(path, b"of another", media_type=PDF, metadata=metadata)
    with pytest.raises(Exception, match="being taken"):
        await on_envelope_completed(message(event))
    await call(open_version, {}, caller=client.caller, document_id=document_id)
    await on_envelope_completed(message(event))
    document = (await wiring.records().get(tenant, document_id)).document
    assert document.versions[2].envelope_id == "e-1"


async def test_a_removed_document_gets_its_sealed_pdf_too(client: Client, tenant: str) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    await removed(client.caller, document_id)
    await on_envelope_completed(
        message(await completed(tenant, document_id, files.pdf(title="sealed")))
    )
    assert len((await wiring.records().get(tenant, document_id)).document.versions) == 2


async def test_another_pdf_than_was_sealed_is_not_taken(client: Client, tenant: str) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    event = await completed(tenant, document_id, files.pdf(), sha256="0" * 64)
    with pytest.raises(Exception, match="not the PDF"):
        await on_envelope_completed(message(event))
    assert len((await wiring.records().get(tenant, document_id)).document.versions) == 1


async def test_what_is_not_there_is_left_for_operators(client: Client, tenant: str) -> None:
    with pytest.raises(Missing):
        await on_envelope_completed(message(await completed(tenant, "none", files.pdf())))
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    event = await completed(tenant, document_id, files.pdf())
    await wiring.sealed().delete(event.sealed_path)
    with pytest.raises(Missing):
        await on_envelope_completed(message(event))


async def test_a_document_that_changes_all_the_time_ends_in_a_retry(client: Client) -> None:
    """The save meets a newer document each time: the caller may try again, nothing is lost."""
    made = await client.created("a.pdf", PDF)
    await client.sent(made["upload"], files.pdf())

    class Restless(type(wiring.records())):  # type: ignore[misc]  # the real one, disturbed
        async def save(self, stored: Stored, action: str, *told: object, **more: object) -> Stored:  # type: ignore[type-arg]
            if action == "accept version":
                fresh = await super().get(stored.document.tenant_id, stored.document.id)
                await super().save(fresh.now(fresh.document), "touch")
            return await super().save(stored, action, *told, **more)  # type: ignore[no-any-return]

    real = wiring.records()
    restless = Restless(real._container, real._kind, clock.now)
    service = AcceptingService(
        restless, wiring.uploads(), wiring.contents(), wiring.sealed(), clock.now
    )
    with wiring.accepting.replaced_by(service):
        answer = await client.completed(made["document"]["id"])
    assert (answer.status, answer.code) == (412, "stale")
    assert (await client.completed(made["document"]["id"])).status == 200
