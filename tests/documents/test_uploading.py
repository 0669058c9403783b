"""From a wish to an accepted version: what is checked, and what happens twice or at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256

import pytest

from functions.documents import wiring
from functions.documents.api.content import complete_version, open_version, read_content
from functions.documents.api.documents import change, create, remove
from functions.documents.domain.documents import MAX_BYTES, MAX_VERSIONS, VersionState
from functions.documents.domain.media_types import MediaType
from functions.documents.models import CreateDocument
from functions.documents.service.accepting import AcceptingService
from functions.documents.service.receiving import received
from shared.contracts.documents import VersionAdded, content_path
from shared.errors import Missing, TooLarge
from shared.files.blobs import BlobFacts, Blobs
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from shared.platform import clock
from shared.platform.ids import ids_of_attempt, new_id
from shared.telemetry import scope
from tests.documents import files
from tests.documents.conftest import Client
from tests.support.http import call, somebody
from tests.support.messages import told_by

PDF = "application/pdf"


async def test_an_upload_becomes_an_accepted_version(client: Client) -> None:
    content = files.pdf()
    digest = sha256(content).hexdigest()
    answer = await client.uploaded(
        "Note.pdf", PDF, content, sha256=digest.upper(), size_bytes=len(content), tags={"trip": "7"}
    )
    assert answer.status == 200
    [version] = answer.json["versions"]
    assert (version["state"], version["sha256"]) == ("accepted", digest)
    assert version["size_bytes"] == len(content)
    document_id, tenant = answer.json["id"], client.caller.tenant_id
    [told] = await told_by("documents", tenant, VersionAdded)
    assert (told["document_id"], told["version"], told["sha256"]) == (document_id, 1, digest)
    path = content_path(tenant, document_id, 1)
    kept = await wiring.contents().facts(path)
    assert (kept.metadata["sha256"], kept.media_type) == (digest, PDF)
    with pytest.raises(Missing):
        await wiring.uploads().facts(path)


async def test_completing_twice_answers_the_same_and_tells_once(client: Client) -> None:
    first = await client.uploaded("Note.pdf", PDF, files.pdf())
    second = await client.completed(first.json["id"])
    assert (second.status, second.json, second.etag) == (200, first.json, first.etag)
    assert len(await told_by("documents", client.caller.tenant_id, VersionAdded)) == 1


async def test_completing_at_once_accepts_once(client: Client) -> None:
    made = await client.created("Note.pdf", PDF)
    await client.sent(made["upload"], files.pdf())
    document_id = made["document"]["id"]
    answers = await asyncio.gather(*(client.completed(document_id) for _ in range(4)))
    assert {answer.status for answer in answers} == {200}
    assert len(await told_by("documents", client.caller.tenant_id, VersionAdded)) == 1


async def test_an_upload_that_another_attempt_has_just_taken_counts_as_taken(
    client: Client,
) -> None:
    made = await client.created("Note.pdf", PDF)
    await client.sent(made["upload"], files.pdf())
    document_id, uploads = made["document"]["id"], wiring.uploads()
    other = wiring.accepting()

    class Overtaken(Blobs):
        async def facts(self, path: str) -> BlobFacts:
            await other.complete(client.caller, document_id, 1)
            return await super().facts(path)

    overtaken = Overtaken(uploads._service, uploads._container, clock.now)
    service = AcceptingService(
        wiring.records(), overtaken, wiring.contents(), wiring.sealed(), clock.now
    )
    with wiring.accepting.replaced_by(service):
        answer = await client.completed(document_id)
    assert (answer.status, answer.json["versions"][0]["state"]) == (200, "accepted")


async def test_a_change_of_name_meanwhile_costs_no_upload(client: Client) -> None:
    made = await client.created("Note.pdf", PDF)
    await client.sent(made["upload"], files.pdf(pages=300))
    document_id = made["document"]["id"]

    async def renamed() -> None:
        for number in range(3):
            body = {"name": f"Note {number}.pdf"}
            headers = {"if-match": "*"}
            await call(
                *(change, body),
                method="PATCH",
                caller=client.caller,
                headers=headers,
                document_id=document_id,
            )

    answer, _ = await asyncio.gather(client.completed(document_id), renamed())
    assert answer.status == 200


async def test_nothing_uploaded_is_a_conflict(client: Client) -> None:
    made = await client.created("Note.pdf", PDF)
    answer = await client.completed(made["document"]["id"])
    assert (answer.status, answer.code) == (409, "nothing-uploaded")


@pytest.mark.parametrize(
    ("announced", "said"), [({"sha256": "0" * 64}, "SHA-256"), ({"size_bytes": 1}, "size")]
)
async def test_other_bytes_than_announced_are_refused_and_may_come_again(
    client: Client, announced: dict[str, object], said: str
) -> None:
    answer = await client.uploaded("Note.pdf", PDF, files.pdf(), **announced)
    assert (answer.status, answer.code) == (422, "digest-mismatch")
    assert said in answer.json["detail"]


async def test_a_refused_upload_may_be_replaced_and_completed(client: Client) -> None:
    made = await client.created("Note.pdf", PDF)
    await client.sent(made["upload"], b"<html>not a PDF")
    refused = await client.completed(made["document"]["id"])
    assert (refused.status, refused.code) == (422, "media-type-mismatch")
    assert (refused.json["detected"], refused.json["media_type"]) == ("text/html", PDF)
    await client.sent(made["upload"], files.pdf())
    assert (await client.completed(made["document"]["id"])).status == 200


async def test_an_empty_file_is_refused(client: Client) -> None:
    answer = await client.uploaded("Empty.txt", "text/plain", b"")
    assert (answer.status, answer.code) == (422, "content-refused")


async def test_a_file_that_is_too_large_is_refused(client: Client) -> None:
    made = await client.created("Large.txt", "text/plain")
    document_id = made["document"]["id"]
    path = content_path(client.caller.tenant_id, document_id, 1)

    async def too_much() -> AsyncIterator[bytes]:
        for _ in range(MAX_BYTES // 2**20):
            yield b"x" * 2**20
        yield b"x"

    await wiring.uploads().put(path, too_much(), media_type="text/plain")
    answer = await client.completed(document_id)
    assert (answer.status, answer.code) == (413, "too-large")
    assert answer.json["max_bytes"] == MAX_BYTES


async def test_content_that_an_attempt_kept_and_died_is_accepted_by_the_next(
    client: Client,
) -> None:
    made = await client.created("Note.pdf", PDF)
    content, document_id = files.pdf(), made["document"]["id"]
    await client.sent(made["upload"], content)
    path = content_path(client.caller.tenant_id, document_id, 1)
    metadata = {"sha256": sha256(content).hexdigest(), "source": "upload"}
    await wiring.contents().put(path, content, media_type=PDF, metadata=metadata)
    assert (await client.completed(document_id)).status == 200


async def test_content_that_lies_there_is_never_replaced_by_another_upload(client: Client) -> None:
    made = await client.created("Note.pdf", PDF)
    document_id = made["document"]["id"]
    await client.sent(made["upload"], files.pdf())
    path = content_path(client.caller.tenant_id, document_id, 1)
    metadata = {"sha256": "other", "source": "upload"}
    await wiring.contents().put(path, b"other", media_type=PDF, metadata=metadata)
    answer = await client.completed(document_id)
    assert (answer.status, answer.code) == (409, "content-exists")


async def test_a_sealed_pdf_that_lost_its_number_is_out_of_the_way(client: Client) -> None:
    made = await client.created("Note.pdf", PDF)
    document_id = made["document"]["id"]
    await client.sent(made["upload"], files.pdf())
    path = content_path(client.caller.tenant_id, document_id, 1)
    metadata = {"sha256": "other", "source": "envelope"}
    await wiring.contents().put(path, b"sealed", media_type=PDF, metadata=metadata)
    assert (await client.completed(document_id)).status == 200
    assert await wiring.contents().read(path, MAX_BYTES) == files.pdf()


async def test_content_that_comes_back_is_not_fought_for(client: Client) -> None:
    made = await client.created("Note.pdf", PDF)
    document_id = made["document"]["id"]
    await client.sent(made["upload"], files.pdf())
    path = content_path(client.caller.tenant_id, document_id, 1)
    metadata = {"sha256": "other", "source": "envelope"}
    real = wiring.contents()
    await real.put(path, b"sealed", media_type=PDF, metadata=metadata)

    class Returning(Blobs):
        async def delete(self, path: str, *, only: str | None = None) -> None:
            await super().delete(path, only=only)
            await self.put(path, b"sealed", media_type=PDF, metadata=metadata)

    returning = Returning(real._service, real._container, clock.now)
    service = AcceptingService(
        wiring.records(), wiring.uploads(), returning, wiring.sealed(), clock.now
    )
    with wiring.accepting.replaced_by(service):
        answer = await client.completed(document_id)
    assert (answer.status, answer.code) == (409, "content-exists")


async def test_a_stream_that_outgrows_its_announcement_is_cut_off() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(2**20)

    with pytest.raises(TooLarge):
        async with received(endless()):
            pytest.fail("nothing of it may be used")


async def test_an_abandoned_upload_is_not_completed(client: Client) -> None:
    made = await client.created("Note.pdf", PDF)
    stored = await wiring.records().get(client.caller.tenant_id, made["document"]["id"])
    given_up = stored.document.abandoned(stored.document.versions[0])
    await wiring.records().save(stored.now(given_up), "abandon uploads")
    await client.sent(made["upload"], files.pdf())
    answer = await client.completed(stored.document.id)
    assert (answer.status, answer.code) == (409, "upload-abandoned")


async def test_the_next_version_stands_beside_the_first(client: Client) -> None:
    document_id = (await client.uploaded("Note.pdf", PDF, files.pdf())).json["id"]
    answer = await call(open_version, {}, caller=client.caller, document_id=document_id)
    assert (answer.status, answer.json["version"]) == (201, 2)
    newer = files.pdf(pages=2)
    await client.sent(answer.json["upload"], newer)
    assert (await client.completed(document_id, 2)).status == 200
    read = await call(read_content, method="GET", caller=client.caller, document_id=document_id)
    assert read.body == newer


async def test_there_is_an_end_to_versions(client: Client) -> None:
    made = await client.created("Note.pdf", PDF)
    stored = await wiring.records().get(client.caller.tenant_id, made["document"]["id"])
    document = stored.document
    many = tuple(
        document.versions[0].model_copy(update={"number": number, "state": VersionState.ABANDONED})
        for number in range(1, MAX_VERSIONS + 1)
    )
    crowded = document.model_copy(update={"versions": many})
    await wiring.records().save(stored.now(crowded), "fill")
    answer = await call(open_version, {}, caller=client.caller, document_id=document.id)
    assert (answer.status, answer.code) == (409, "too-many-versions")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "a.pdf", "media_type": "text/html"}, "media_type"),
        ({"name": "a/b.pdf", "media_type": PDF}, "name"),
        ({"name": "a\nb.pdf", "media_type": PDF}, "name"),
        ({"name": "", "media_type": PDF}, "name"),
        ({"name": "a.pdf", "media_type": PDF, "sha256": "xyz"}, "sha256"),
        ({"name": "a.pdf", "media_type": PDF, "size_bytes": MAX_BYTES + 1}, "size_bytes"),
        ({"name": "a.pdf", "media_type": PDF, "tags": {str(n): "" for n in range(21)}}, "tags"),
        ({"name": "a.pdf", "media_type": PDF, "path": "x"}, "path"),
    ],
)
async def test_what_is_wrong_with_a_wish_is_named(
    ann: Caller, body: dict[str, object], field: str
) -> None:
    answer = await call(create, body, caller=ann)
    assert answer.status == 422
    assert answer.json["fields"][0]["at"].startswith(field)


async def test_a_name_of_another_kind_is_refused_before_any_upload(ann: Caller) -> None:
    answer = await call(create, {"name": "a.exe", "media_type": PDF}, caller=ann)
    assert (answer.status, answer.code) == (422, "media-type-mismatch")


async def test_the_same_key_creates_one_document(ann: Caller) -> None:
    body = {"name": "a.pdf", "media_type": PDF}
    headers = {"idempotency-key": "k-1"}
    first = await call(create, body, caller=ann, headers=headers)
    second = await call(create, body, caller=ann, headers=headers)
    assert first.json == second.json


async def test_an_attempt_whose_answer_was_lost_finds_its_document(ann: Caller) -> None:
    wish = CreateDocument(name="a.pdf", media_type=MediaType.PDF)
    first = new_id()
    made = []
    for _ in range(2):
        with scope.entered(replace(scope.begin(), next_id=ids_of_attempt(first))):
            made.append((await wiring.documents().create(ann, wish)).stored)
    assert made[0].document.id == made[1].document.id == first
    assert made[0].etag == made[1].etag


async def test_who_may_not_write_or_is_elsewhere_gets_nowhere(client: Client, tenant: str) -> None:
    reader = somebody(tenant, Role.MEMBER)
    refused = await call(create, {"name": "a.pdf", "media_type": PDF}, caller=reader)
    assert refused.status == 403
    document_id = (await client.created("a.pdf", PDF))["document"]["id"]
    stranger = Client(somebody(f"{tenant}-other"), client.session)
    assert (await stranger.completed(document_id)).status == 404


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "٣", "99999"])
async def test_a_version_that_is_none_is_missing(client: Client, number: str) -> None:
    document_id = (await client.created("a.pdf", PDF))["document"]["id"]
    answer = await call(
        complete_version, caller=client.caller, document_id=document_id, number=number
    )
    assert answer.status == 404


async def test_a_removed_document_takes_no_upload(client: Client) -> None:
    made = await client.created("a.pdf", PDF)
    document_id = made["document"]["id"]
    await client.sent(made["upload"], files.pdf())
    gone = await call(
        remove,
        method="DELETE",
        caller=client.caller,
        headers={"if-match": "*"},
        document_id=document_id,
    )
    assert gone.status == 204
    assert (await client.completed(document_id)).status == 404
