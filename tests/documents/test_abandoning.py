"""Uploads that nobody completes are given up after a day."""

from datetime import UTC, datetime, timedelta

import azure.functions as func
import pytest

from functions.documents import wiring
from functions.documents.domain.documents import Content, Document, VersionState
from functions.documents.service.abandoning import AbandoningService
from functions.documents.timers import every_day_remove_abandoned_uploads
from shared.contracts.documents import content_path
from shared.errors import Missing
from shared.records.document import Stored
from tests.documents import files
from tests.documents.conftest import Client

PDF = "application/pdf"


def service(at: datetime) -> AbandoningService:
    return AbandoningService(wiring.records(), wiring.uploads(), wiring.contents(), lambda: at)


async def document(tenant: str, document_id: str) -> Document:
    return (await wiring.records().get(tenant, document_id)).document


class Timer(func.TimerRequest):
    """As the host hands it over."""

    past_due = False


async def test_an_upload_of_yesterday_is_given_up(client: Client, tenant: str) -> None:
    made = await client.created("a.pdf", PDF)
    document_id = made["document"]["id"]
    await client.sent(made["upload"], files.pdf())
    path = content_path(tenant, document_id, 1)
    await wiring.contents().put(path, b"kept by an attempt that died", media_type=PDF)
    now = datetime.now(UTC)
    await service(now + timedelta(hours=23)).abandon_old_uploads()
    assert (await document(tenant, document_id)).versions[0].state is VersionState.UPLOADING
    later = service(now + timedelta(hours=25))
    assert await later.abandon_old_uploads() >= 1
    assert (await document(tenant, document_id)).versions[0].state is VersionState.ABANDONED
    assert (await document(tenant, document_id)).uploading_since is None
    for blobs in (wiring.uploads(), wiring.contents()):
        with pytest.raises(Missing):
            await blobs.facts(path)
    assert await later.abandon_old_uploads() == 0
    answer = await client.completed(document_id)
    assert (answer.status, answer.code) == (409, "upload-abandoned")


async def test_an_accepted_version_and_its_content_stay(client: Client, tenant: str) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    await service(datetime.now(UTC) + timedelta(days=9)).abandon_old_uploads()
    assert (await document(tenant, document_id)).versions[0].state is VersionState.ACCEPTED
    assert await wiring.contents().read(content_path(tenant, document_id, 1), 99999) == files.pdf()


async def test_an_upload_that_is_just_being_completed_is_left_alone(
    client: Client, tenant: str
) -> None:
    made = await client.created("a.pdf", PDF)
    document_id = made["document"]["id"]
    await client.sent(made["upload"], files.pdf())

    class Late(type(wiring.records())):  # type: ignore[misc]  # the real one, a moment later
        async def save(self, stored: Stored, action: str, *told: object, **more: object) -> Stored:  # type: ignore[type-arg]
            if stored.document.id == document_id:
                fresh = await super().get(tenant, document_id)
                await super().save(fresh.now(fresh.document), "touch")
            return await super().save(stored, action, *told, **more)  # type: ignore[no-any-return]

    real = wiring.records()
    late = Late(real._container, real._kind, lambda: datetime.now(UTC))
    tomorrow = datetime.now(UTC) + timedelta(hours=25)
    timer = AbandoningService(late, wiring.uploads(), wiring.contents(), lambda: tomorrow)
    await timer.abandon_old_uploads()
    assert (await document(tenant, document_id)).versions[0].state is VersionState.UPLOADING


async def test_an_upload_abandoned_while_it_was_checked_is_refused(
    client: Client, tenant: str
) -> None:
    made = await client.created("a.pdf", PDF)
    document_id = made["document"]["id"]
    stale = await wiring.records().get(tenant, document_id)
    await service(datetime.now(UTC) + timedelta(hours=25)).abandon_old_uploads()
    fresh = await document(tenant, document_id)
    with pytest.raises(Exception, match="given up"):
        fresh.accepted(1, _content(), datetime.now(UTC))
    with pytest.raises(Exception, match="changed meanwhile"):
        await wiring.records().save(
            stale.now(stale.document.accepted(1, _content(), datetime.now(UTC))), "accept version"
        )


async def test_the_timer_runs_it(client: Client, tenant: str) -> None:
    document_id = (await client.created("a.pdf", PDF))["document"]["id"]
    tomorrow = service(datetime.now(UTC) + timedelta(hours=25))
    with wiring.abandoning.replaced_by(tomorrow):
        await every_day_remove_abandoned_uploads(Timer())
    assert (await document(tenant, document_id)).versions[0].state is VersionState.ABANDONED


def _content() -> Content:
    return Content(size_bytes=1, sha256="0" * 64)
