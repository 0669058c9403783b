"""Deleted users: gone with all that is personal, and what they did still on record."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from functions.auth import events
from functions.auth.api import invitations, logins
from functions.auth.api import users as api
from functions.auth.domain.session import sessions_of
from functions.auth.domain.user import USERS
from functions.auth.wiring import users
from shared.contracts.auth import UserDeleted
from shared.identity.permissions import Role
from shared.platform import clock
from shared.platform.clients import container
from shared.records.audit import PSEUDONYM, AuditEntry, canonical
from tests.auth.people import PASSWORD, change, create, log_in, refresh
from tests.support.http import Answer, call, somebody
from tests.support.messages import message, told_by

pytestmark = pytest.mark.usefixtures("records")

EVERYTHING = "SELECT * FROM c WHERE c.tenant_id = @tenant"
SECRETS = ("ann@example.com", "Ann Lovelace", "+4930901820", "Kitchen tablet", "Lady A", "P-1815")


async def delete(tenant: str, user: Answer, **more: Any) -> Answer:
    return await call(
        api.delete_user,
        method="DELETE",
        caller=more.get("caller") or somebody(tenant),
        headers={"if-match": more.get("if_match", "*")},
        user_id=user.json["id"],
    )


async def swept(tenant: str) -> None:
    """What the event brings about in auth."""
    for told in await told_by("auth", tenant, UserDeleted):
        await events.on_user_deleted(message(UserDeleted.model_validate(told)))


async def everything(tenant: str) -> list[dict[str, Any]]:
    items = container("auth").query_items(
        EVERYTHING, parameters=[{"name": "@tenant", "value": tenant}], partition_key=[tenant]
    )
    return [item async for item in items]


def telling(items: Sequence[dict[str, Any]]) -> list[str]:
    """What still tells of Ann."""
    return [item["id"] for item in items if any(s in json.dumps(item) for s in SECRETS)]


async def ann_who_did_much(tenant: str) -> Answer:
    ann = await create(
        tenant, name="Ann Lovelace", phone="+4930901820", external_id="P-1815", locale="en"
    )
    await log_in(tenant, user_agent="Kitchen tablet")
    await log_in(tenant, password="wrong wrong wrong")
    await change(tenant, ann, name="Lady A")
    invite = {"email": "bea@example.com", "name": "Bea", "roles": ["member"]}
    caller = somebody(tenant, user_id=ann.json["id"], name="Ann Lovelace")
    assert (await call(invitations.invite, invite, caller=caller)).status == 201
    return ann


async def test_nothing_tells_of_who_was_deleted(tenant: str) -> None:
    ann = await ann_who_did_much(tenant)
    await create(tenant, "bob@example.com", name="Bob")
    assert len(telling(await everything(tenant))) > 5

    assert (await delete(tenant, ann)).status == 204
    await swept(tenant)

    left = await everything(tenant)
    assert telling(left) == []
    assert "bob@example.com" in json.dumps(left)
    [told] = await told_by("auth", tenant, UserDeleted)
    assert told["user_id"] == ann.json["id"]
    read = await call(api.read_user, method="GET", caller=somebody(tenant), user_id=ann.json["id"])
    assert (read.status, read.code) == (404, "not-found")


async def test_the_trail_goes_on_unbroken_under_pseudonyms(tenant: str) -> None:
    ann = await ann_who_did_much(tenant)
    before = await users().trail(tenant, ann.json["id"], USERS)
    assert before.entries[1].changes["name"] == ["Ann Lovelace", "Lady A"]
    await delete(tenant, ann)
    await swept(tenant)

    after = await call(
        api.read_user_audit, method="GET", caller=somebody(tenant), user_id=ann.json["id"]
    )
    entries = after.json["entries"]
    assert after.json["intact"] is True
    assert [entry["action"] for entry in entries] == ["create user", "change user", "delete user"]
    assert [e["hash"] for e in entries[:2]] == [entry.hash for entry in before.entries]
    first, second = entries[0]["changes"]["name"], entries[1]["changes"]["name"]
    assert first[0] is None
    assert all(value.startswith(PSEUDONYM) for value in (first[1], *second))
    assert entries[0]["changes"]["roles"] == [None, ["driver"]]  # what they could do stays known
    assert entries[2]["actor"] == {"kind": "user", "id": "u-1"}


async def test_an_altered_pseudonym_is_noticed(tenant: str) -> None:
    ann = await create(tenant)
    await delete(tenant, ann)
    await swept(tenant)
    entry_id = f"audit:{ann.json['id']}:{1:08}"
    item = await container("auth").read_item(entry_id, [tenant, USERS])
    item["entry"]["changes"]["name"][1] = PSEUDONYM + "0" * 64
    await container("auth").replace_item(entry_id, item)

    trail = await users().trail(tenant, ann.json["id"], USERS)
    assert trail.problems == ["Entry 1 was altered."]


async def test_an_altered_name_is_noticed_while_it_is_legible(tenant: str) -> None:
    ann = await create(tenant)
    entry_id = f"audit:{ann.json['id']}:{1:08}"
    item = await container("auth").read_item(entry_id, [tenant, USERS])
    item["entry"]["changes"]["name"][1] = "Somebody"
    await container("auth").replace_item(entry_id, item)

    assert (await users().trail(tenant, ann.json["id"], USERS)).intact is False


async def test_the_same_name_has_another_pseudonym_in_each_entry(tenant: str) -> None:
    """Nobody can try names against what is left: the salts are gone."""
    ann = await create(tenant)
    await change(tenant, ann, name="Bea")
    await change(tenant, ann, name="Ann")
    await delete(tenant, ann)
    await swept(tenant)

    entries = (await users().trail(tenant, ann.json["id"], USERS)).entries
    names = [entry.changes["name"][1] for entry in entries[:3]]
    assert len(set(names)) == 3
    assert all(entry.salt == "" for entry in entries)


def test_entries_from_before_hash_as_they_did() -> None:
    entry = AuditEntry.model_validate(
        {
            "document_id": "d",
            "number": 1,
            "at": "2026-11-20T12:00:00Z",
            "actor": {"kind": "user", "id": "u"},
            "action": "create",
            "changes": {"name": [None, "x"]},
            "correlation_id": "c",
            "previous_hash": "",
        }
    )
    content = entry.model_dump(mode="json", exclude={"personal", "salt", "hash"})
    assert entry.computed_hash() == sha256(canonical(content)).hexdigest()
    assert entry.forgotten() is entry


async def test_the_address_is_free_and_the_tokens_are_void(tenant: str) -> None:
    ann = await create(tenant)
    tokens = await log_in(tenant)
    await delete(tenant, ann)

    assert (await refresh(tokens)).code == "session-ended"
    assert (await log_in(tenant)).code == "login-failed"
    again = await create(tenant, name="Another")
    assert again.status == 201
    await swept(tenant)
    assert (await log_in(tenant)).status == 200
    logins_of_ann = sessions_of(ann.json["id"])
    left = [item for item in await everything(tenant) if item["key"] == logins_of_ann]
    assert not [item for item in left if item["kind"] == "Session"]
    assert [item for item in left if item["kind"] == "Revocation"]


async def test_sweeping_twice_or_late_changes_nothing_more(tenant: str) -> None:
    ann = await ann_who_did_much(tenant)
    await delete(tenant, ann)
    await swept(tenant)
    before = await everything(tenant)
    await swept(tenant)
    assert [item["_etag"] for item in before] == [i["_etag"] for i in await everything(tenant)]


async def test_nobody_deletes_themselves(tenant: str) -> None:
    ann = await create(tenant, roles=["admin"])
    await create(tenant, "bob@example.com", roles=["admin"])
    answer = await delete(tenant, ann, caller=somebody(tenant, user_id=ann.json["id"]))
    assert (answer.status, answer.code) == (409, "own-deletion")


async def test_the_last_administrator_stays(tenant: str) -> None:
    ann = await create(tenant, roles=["admin"])
    refused = await delete(tenant, ann)
    assert (refused.status, refused.code) == (409, "last-administrator")
    await create(tenant, "bob@example.com", roles=["admin"])
    assert (await delete(tenant, ann)).status == 204


async def test_two_administrators_do_not_delete_each_other(tenant: str) -> None:
    both = [await create(tenant, f"a{n}@example.com", roles=["admin"]) for n in range(2)]
    answers = await asyncio.gather(
        *(
            delete(tenant, victim, caller=somebody(tenant, user_id=by.json["id"]))
            for victim, by in (both, both[::-1])
        )
    )
    first, second = sorted(answer.status for answer in answers)
    assert first == 204
    assert second in {409, 412}


@pytest.mark.parametrize(("if_match", "code"), [('"old"', "stale"), ("", "if-match-required")])
async def test_only_what_was_seen_is_deleted(tenant: str, if_match: str, code: str) -> None:
    ann = await create(tenant)
    assert (await delete(tenant, ann, if_match=if_match)).code == code


async def test_it_needs_the_right_and_a_fresh_login(tenant: str) -> None:
    ann = await create(tenant)
    dispatcher = somebody(tenant, Role.DISPATCHER)
    stale = somebody(tenant)
    object.__setattr__(stale, "authenticated_at", clock.now() - timedelta(hours=1))

    assert (await delete(tenant, ann, caller=dispatcher)).code == "forbidden"
    assert (await delete(tenant, ann, caller=stale)).code == "step-up-required"
    assert (await delete(f"{tenant}-other", ann)).code == "not-found"


async def test_deleted_once_is_enough(tenant: str) -> None:
    ann = await create(tenant)
    answers = await asyncio.gather(*(delete(tenant, ann) for _ in range(3)))
    statuses = sorted(answer.status for answer in answers)
    assert statuses[0] == 204
    assert set(statuses[1:]) <= {404, 412}
    assert len(await told_by("auth", tenant, UserDeleted)) == 1
    login = {"email": "ann@example.com", "password": PASSWORD, "tenant_id": tenant}
    assert (await call(logins.login, login)).status == 401
