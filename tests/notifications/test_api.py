"""Contacts, inboxes and the log of deliveries over HTTP: who sees and changes what."""

import asyncio
from typing import Any

import pytest

from functions.notifications import events, wiring
from functions.notifications.api.contacts import (
    change_contact,
    create_contact,
    list_contacts,
    read_contact,
    read_contact_audit,
    remove_contact,
)
from functions.notifications.api.deliveries import list_deliveries, read_delivery
from functions.notifications.api.inbox import (
    choose_locale,
    count_notifications,
    list_notifications,
    read_all_notifications,
    read_notification,
)
from functions.notifications.domain.deliveries import DeliveryStatus
from functions.notifications.models import CreateContact
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from shared.platform import clock
from shared.platform.ids import ids_of_attempt, new_id
from shared.telemetry import scope
from tests.notifications import told
from tests.notifications.told import LINK, PHONE, known
from tests.support.http import Answer, call, somebody
from tests.support.messages import message

BOB = {"name": "Bob", "company": "Consignee Ltd", "email": "Bob@Example.com", "phone": PHONE}


async def created(caller: Caller, **more: object) -> Answer:
    return await call(create_contact, {**BOB, **more}, caller=caller)


async def changed(caller: Caller, contact: Answer, body: object) -> Answer:
    return await call(
        change_contact,
        body,
        method="PATCH",
        caller=caller,
        headers={"if-match": contact.etag},
        contact_id=contact.json["id"],
    )


async def test_a_contact_is_kept_and_found(ann: Caller) -> None:
    made = await created(ann)
    assert made.status == 201
    assert (made.json["email"], made.json["phone"]) == ("bob@example.com", PHONE)
    contact_id = made.json["id"]
    read = await call(read_contact, method="GET", caller=ann, contact_id=contact_id)
    assert (read.json, read.etag) == (made.json, made.etag)
    await created(ann, name="Cy")
    found = await call(list_contacts, method="GET", caller=ann, query={"name": "bo"})
    assert [item["id"] for item in found.json["items"]] == [contact_id]
    every = await call(list_contacts, method="GET", caller=ann)
    assert [item["name"] for item in every.json["items"]] == ["Cy", "Bob"]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"name": "Bob"}, "no-address", None),
        ({**BOB, "email": "not one"}, "invalid", "email"),
        ({**BOB, "phone": "0151 1234"}, "invalid", "phone"),
        ({**BOB, "phone": "+1"}, "invalid", "phone"),
        ({**BOB, "name": " "}, "invalid", "name"),
        ({**BOB, "locale": "fr"}, "invalid", "locale"),
        ({**BOB, "fax": "1"}, "invalid", "fax"),
    ],
)
async def test_what_is_wrong_with_a_contact_is_named(
    ann: Caller, body: dict[str, Any], code: str, field: str | None
) -> None:
    answer = await call(create_contact, body, caller=ann)
    assert (answer.status, answer.code) == (422, code)
    if field:
        assert answer.json["fields"][0]["at"] == field


async def test_a_contact_changes_and_keeps_one_address(ann: Caller) -> None:
    made = await created(ann)
    without = await changed(ann, made, {"email": None, "company": None, "name": None})
    assert (without.json["email"], without.json["company"]) == (None, None)
    assert without.json["name"] == "Bob"
    refused = await changed(ann, without, {"phone": None})
    assert refused.code == "no-address"
    assert (await changed(ann, made, {"name": "Late"})).status == 412
    trail = await call(read_contact_audit, method="GET", caller=ann, contact_id=made.json["id"])
    assert trail.json["intact"]
    assert [entry["action"] for entry in trail.json["entries"]] == [
        "create contact",
        "change contact",
    ]


async def test_a_removed_contact_is_gone(ann: Caller) -> None:
    made = await created(ann)

    async def removed() -> Answer:
        return await call(
            remove_contact,
            method="DELETE",
            caller=ann,
            headers={"if-match": made.etag},
            contact_id=made.json["id"],
        )

    assert (await removed()).status == 204
    assert (await removed()).status == 404


async def test_contacts_are_written_by_those_who_may(member: Caller, tenant: str) -> None:
    assert (await created(member)).status == 403
    made = await created(somebody(tenant, Role.DISPATCHER))
    contact_id = made.json["id"]
    assert (
        await call(read_contact, method="GET", caller=member, contact_id=contact_id)
    ).status == 200
    stranger = somebody(f"{tenant}-other")
    read = await call(read_contact, method="GET", caller=stranger, contact_id=contact_id)
    assert read.status == 404


async def test_an_attempt_whose_answer_was_lost_finds_its_contact(ann: Caller) -> None:
    wish, first = CreateContact(name="Bob", phone=PHONE), new_id()
    made = []
    for _ in range(2):
        attempt = scope.begin()
        with scope.entered(
            scope.Scope(attempt.correlation_id, attempt.traceparent, next_id=ids_of_attempt(first))
        ):
            made.append(await wiring.contacts().create(ann, wish))
    assert made[0].etag == made[1].etag


async def notified(tenant: str, times: int = 1, user_id: str = "u-1") -> None:
    for number in range(times):
        event = told.stop_reached(tenant, planned_by=user_id, stop_name=f"Stop {number}")
        await events.on_stop_reached(message(event))


async def listed(caller: Caller, **query: str) -> Any:
    return (await call(list_notifications, method="GET", caller=caller, query=query)).json


async def unread(caller: Caller) -> int:
    answer = await call(count_notifications, method="GET", caller=caller)
    return int(answer.json["unread"])


async def read(caller: Caller, notification_id: str) -> Answer:
    return await call(read_notification, caller=caller, notification_id=notification_id)


async def test_an_inbox_is_paged_counted_and_filtered(ann: Caller, tenant: str) -> None:
    await notified(tenant, 3)
    first = await listed(ann, limit="2")
    second = await listed(ann, limit="2", cursor=first["next_cursor"])
    titles = [item["title"] for item in first["items"] + second["items"]]
    assert titles == [f"North tour: Stop {number} reached" for number in (2, 1, 0)]
    assert await unread(ann) == 3
    answer = await read(ann, first["items"][0]["id"])
    assert answer.json["read_at"]
    assert await unread(ann) == 2
    assert len((await listed(ann, unread="true"))["items"]) == 2
    assert len((await listed(ann, unread="false"))["items"]) == 1


async def test_reading_twice_and_at_once_is_reading_once(ann: Caller, tenant: str) -> None:
    await notified(tenant)
    [item] = (await listed(ann))["items"]
    answers = await asyncio.gather(*(read(ann, item["id"]) for _ in range(4)))
    assert [answer.status for answer in answers] == [200] * 4
    assert len({answer.json["read_at"] for answer in answers}) == 1
    assert (await read(ann, item["id"])).json == answers[0].json


async def test_all_are_read_at_once_and_by_two_at_once(ann: Caller, tenant: str) -> None:
    await notified(tenant, 5)
    answers = await asyncio.gather(*(call(read_all_notifications, caller=ann) for _ in range(2)))
    assert sum(answer.json["marked"] for answer in answers) == 5
    assert await unread(ann) == 0
    assert (await call(read_all_notifications, caller=ann)).json == {"marked": 0}


async def test_nobody_reads_another_inbox(ann: Caller, member: Caller, tenant: str) -> None:
    await notified(tenant)
    [item] = (await listed(ann))["items"]
    assert (await listed(member))["items"] == []
    assert await unread(member) == 0
    assert (await read(member, item["id"])).status == 404
    assert await unread(somebody(f"{tenant}-other")) == 0


async def test_a_language_is_chosen_and_stays(ann: Caller, tenant: str) -> None:
    body = {"locale": "de"}
    assert (await call(choose_locale, body, caller=ann)).status == 404
    await known(tenant)
    chosen = await call(choose_locale, body, caller=ann)
    assert (chosen.status, chosen.json) == (200, {"locale": "de"})
    await known(tenant, version=2)
    await notified(tenant)
    [item] = (await listed(ann))["items"]
    assert item["title"] == "North tour: Stop 0 erreicht"


async def test_the_log_masks_links_and_keeps_none(ann: Caller, tenant: str) -> None:
    await events.on_signing_requested(message(told.signing_requested(tenant)))
    log = await call(list_deliveries, method="GET", caller=ann, query={"status": "pending"})
    [item] = log.json["items"]
    assert "https://app.example.com/…" in item["preview"]
    assert LINK not in log.body.decode()
    one = await call(read_delivery, method="GET", caller=ann, delivery_id=item["id"])
    assert (one.json, one.status) == (item, 200)
    trail = await wiring.deliveries().trail(tenant, item["id"])
    assert trail.intact
    assert LINK not in trail.model_dump_json()
    stored = await wiring.deliveries().get(tenant, item["id"])
    await wiring.deliveries().save(stored.now(stored.document.sent("x", clock.now())), "confirm")
    sent = await call(read_delivery, method="GET", caller=ann, delivery_id=item["id"])
    assert (sent.json["status"], sent.json["preview"]) == (DeliveryStatus.SENT, None)
    kept = await wiring.deliveries()._container.read_item(item["id"], [tenant, item["id"]])
    assert LINK not in str(kept)


async def test_the_log_is_for_those_who_look_after_it(member: Caller, tenant: str) -> None:
    assert (await call(list_deliveries, method="GET", caller=member)).status == 403
    stranger = somebody(f"{tenant}-other")
    await events.on_signing_requested(message(told.signing_requested(tenant)))
    assert (await call(list_deliveries, method="GET", caller=stranger)).json["items"] == []
