"""Content is handed out whole and checked, or not at all; documents are found, changed, removed."""

import base64
from hashlib import sha256

import pytest

from functions.documents import wiring
from functions.documents.api.content import link_version, read_content
from functions.documents.api.documents import change, list_documents, read, read_audit, remove
from functions.documents.domain.documents import Content
from functions.documents.service.documents import MAX_ANSWER_BYTES
from shared.contracts.documents import content_path
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from tests.documents import files
from tests.documents.conftest import Client
from tests.support.http import Answer, call, somebody

PDF = "application/pdf"


async def get(caller: Caller, document_id: str, **query: str) -> Answer:
    return await call(
        read_content, method="GET", caller=caller, query=query, document_id=document_id
    )


async def test_content_comes_as_an_attachment_with_its_digest(client: Client) -> None:
    content = files.pdf()
    document_id = (await client.uploaded('Übergabe "1"', PDF, content)).json["id"]
    answer = await get(client.caller, document_id)
    assert (answer.status, answer.body, answer.media_type) == (200, content, PDF)
    digest = base64.b64encode(sha256(content).digest()).decode()
    assert answer.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    name = "%C3%9Cbergabe%20%221%22.pdf"
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_who_has_the_content_already_is_told_so(client: Client) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    etag = (await get(client.caller, document_id)).etag
    again = await call(
        read_content,
        method="GET",
        caller=client.caller,
        headers={"if-none-match": etag},
        document_id=document_id,
    )
    assert (again.status, again.body) == (304, b"")


async def test_a_version_can_be_named(client: Client) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    assert (await get(client.caller, document_id, version="1")).status == 200
    assert (await get(client.caller, document_id, version="2")).status == 404
    assert (await get(client.caller, document_id, version="0")).status == 422


async def test_there_is_no_content_before_it_is_accepted(client: Client) -> None:
    document_id = (await client.created("a.pdf", PDF))["document"]["id"]
    for query in ({}, {"version": "1"}):
        answer = await get(client.caller, document_id, **query)
        assert (answer.status, answer.code) == (409, "version-not-accepted")


@pytest.mark.parametrize("damage", [b"%PDF-1.7 other", None])
async def test_damaged_content_is_never_handed_out(client: Client, damage: bytes | None) -> None:
    content = files.pdf()
    document_id = (await client.uploaded("a.pdf", PDF, content)).json["id"]
    path = content_path(client.caller.tenant_id, document_id, 1)
    await wiring.contents().delete(path)
    if damage:
        await wiring.contents().put(path, damage, media_type=PDF)
    answer = await get(client.caller, document_id)
    assert (answer.status, answer.code) == (409, "content-damaged")


async def test_large_content_is_read_by_link(client: Client) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    stored = await wiring.records().get(client.caller.tenant_id, document_id)
    large = Content(size_bytes=MAX_ANSWER_BYTES + 1, sha256="0" * 64)
    await wiring.records().save(
        stored.now(stored.document.accepted(1, large, stored.document.created_at)), "grow"
    )
    answer = await get(client.caller, document_id)
    assert (answer.status, answer.code) == (413, "content-too-large-to-answer")
    assert answer.json["link"] == f"v1/documents/{document_id}/versions/1/link"


async def test_a_link_reads_one_version_without_a_login(client: Client) -> None:
    content = files.pdf()
    document_id = (await client.uploaded("a.pdf", PDF, content)).json["id"]
    link = await call(link_version, caller=client.caller, document_id=document_id, number="1")
    assert (link.status, link.json["sha256"]) == (200, sha256(content).hexdigest())
    async with client.session.get(link.json["url"]) as answer:
        assert (answer.status, await answer.read()) == (200, content)
        assert answer.headers["Content-Disposition"].endswith("a.pdf")


async def test_a_list_shows_what_stands_and_fits(client: Client, ann: Caller) -> None:
    for name in ("Invoice 1.pdf", "invoice 2.pdf", "Note.pdf"):
        await client.created(name, PDF)
    await client.created("Invoice.csv", "text/csv")
    gone = await client.created("Invoice 3.pdf", PDF)
    await removed(ann, gone["document"]["id"])
    query = {"name": "invoice", "media_type": PDF, "limit": "1"}
    first = await call(list_documents, method="GET", caller=ann, query=query)
    more = {**query, "cursor": first.json["next_cursor"]}
    second = await call(list_documents, method="GET", caller=ann, query=more)
    names = [item["name"] for answer in (first, second) for item in answer.json["items"]]
    assert names == ["invoice 2.pdf", "Invoice 1.pdf"]
    assert second.json["next_cursor"] is None
    everything = await call(list_documents, method="GET", caller=ann)
    assert len(everything.json["items"]) == 4


async def removed(caller: Caller, document_id: str, if_match: str = "*") -> Answer:
    return await call(
        remove,
        method="DELETE",
        caller=caller,
        headers={"if-match": if_match},
        document_id=document_id,
    )


async def test_name_and_tags_change_for_who_has_seen_them(client: Client, ann: Caller) -> None:
    document_id = (await client.created("a.pdf", PDF, tags={"x": "1"}))["document"]["id"]
    seen = await call(read, method="GET", caller=ann, document_id=document_id)

    async def changed(body: object, **headers: str) -> Answer:
        return await call(
            change, body, method="PATCH", caller=ann, headers=headers, document_id=document_id
        )

    assert (await changed({"name": "b.pdf"})).status == 428
    fresh = {"if-match": seen.etag}
    renamed = await changed({"name": "b.pdf"}, **fresh)
    assert (renamed.json["name"], renamed.json["tags"]) == ("b.pdf", {"x": "1"})
    assert (await changed({"tags": {}}, **fresh)).status == 412
    tagged = await changed({"tags": {"y": "2"}}, **{"if-match": renamed.etag})
    assert (tagged.json["name"], tagged.json["tags"]) == ("b.pdf", {"y": "2"})
    wrong = await changed({"name": "b.exe"}, **{"if-match": tagged.etag})
    assert wrong.code == "media-type-mismatch"


async def test_a_removed_document_is_gone_but_for_its_trail(client: Client, ann: Caller) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    assert (await removed(ann, document_id, '"old"')).status == 412
    assert (await removed(ann, document_id)).status == 204
    assert (await removed(ann, document_id)).status == 404
    assert (await get(ann, document_id)).status == 404
    link = await call(link_version, caller=ann, document_id=document_id, number="1")
    assert link.status == 404
    trail = await call(read_audit, method="GET", caller=ann, document_id=document_id)
    assert trail.json["intact"]
    assert [entry["action"] for entry in trail.json["entries"]] == [
        "create document",
        "accept version",
        "remove document",
    ]
    path = content_path(ann.tenant_id, document_id, 1)
    assert await wiring.contents().read(path, MAX_ANSWER_BYTES) == files.pdf()


async def test_others_see_nothing(client: Client, tenant: str) -> None:
    document_id = (await client.uploaded("a.pdf", PDF, files.pdf())).json["id"]
    stranger = somebody(f"{tenant}-other")
    assert (await get(stranger, document_id)).status == 404
    listed = await call(list_documents, method="GET", caller=stranger)
    assert listed.json["items"] == []
    member = somebody(tenant, Role.MEMBER)
    trail = await call(read_audit, method="GET", caller=member, document_id=document_id)
    assert trail.status == 403
