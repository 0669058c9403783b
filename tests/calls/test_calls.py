"""A call: started, joined by who may, ended, and remembered as LiveKit tells it."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from azure.servicebus import NEXT_AVAILABLE_SESSION
from azure.servicebus.aio import ServiceBusClient

from functions.calls import api, events, timers
from functions.calls.wiring import call_records, calls
from local.process import Process
from shared.contracts.calls import CallEnded, CallStarted, RecordWebhook
from shared.identity.permissions import Role
from tests.calls.conftest import KEY, SECRET
from tests.support.azure import service_bus_connection
from tests.support.http import Answer, call, somebody
from tests.support.messages import message, told_by

pytestmark = pytest.mark.usefixtures("livekit")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KIND = {"content-type": "application/webhook+json"}


async def started(tenant: str, *invited: str) -> Answer:
    wish = {"topic": "Where are you?", "invited": list(invited or ("driver",))}
    return await call(api.start, wish, caller=dispatcher(tenant))


def dispatcher(tenant: str) -> Any:
    return somebody(tenant, Role.DISPATCHER, user_id="dispatcher", name="Dana")


def driver(tenant: str) -> Any:
    return somebody(tenant, Role.DRIVER, user_id="driver", name="Milan")


async def read(tenant: str, call_id: str) -> Any:
    answer = await call(api.read, method="GET", caller=dispatcher(tenant), call_id=call_id)
    return answer.json


def happened(
    tenant: str, call_id: str, event: str, second: int, who: str = "driver", sid: str = ""
) -> RecordWebhook:
    """As LiveKit writes it: protojson, numbers as text, empty values left out."""
    participant = {"sid": sid or f"PA_{who}", "identity": who, "name": who.title()}
    body: dict[str, Any] = {
        "event": event,
        "id": f"EV_{event}_{second}_{who}",
        "createdAt": str(int((NOON + timedelta(seconds=second)).timestamp())),
        "room": {"sid": "RM_1", "name": f"{tenant}~{call_id}"},
    }
    if event.startswith("participant"):
        body["participant"] = participant
    return RecordWebhook(
        id=body["id"], tenant_id=tenant, at=NOON, room=body["room"]["name"], event=body
    )


async def test_who_is_invited_gets_a_token_for_this_room_and_five_minutes(
    tenant: str, livekit: Process
) -> None:
    begun = await started(tenant)
    assert begun.status == 201
    answer = await call(api.issue_token, {}, caller=driver(tenant), call_id=begun.json["id"])
    claims = jwt.decode(answer.json["token"], SECRET, ["HS256"], issuer=KEY)

    assert answer.json["url"] == livekit.ready["url"]
    assert (claims["sub"], claims["video"]["room"]) == ("driver", f"{tenant}~{begun.json['id']}")
    assert claims["exp"] - claims["nbf"] == 300
    grants = {name for name, value in claims["video"].items() if value is True}
    assert grants == {"roomJoin", "canPublish", "canSubscribe", "canPublishData"}
    async with httpx.AsyncClient(base_url=livekit.ready["url"]) as client:
        joined = await client.post("/_local/join", json={"token": answer.json["token"]})
    assert joined.status_code == 200
    (told,) = await told_by("calls", tenant, CallStarted)
    assert told["invited"] == ["driver"]


async def test_who_is_not_invited_stays_out(tenant: str) -> None:
    begun = await started(tenant)
    stranger = somebody(tenant, Role.ADMIN, user_id="stranger")
    call_id = begun.json["id"]

    for function, method in ((api.issue_token, "POST"), (api.end, "POST"), (api.read, "GET")):
        refused = await call(function, method=method, caller=stranger, call_id=call_id)
        assert (refused.status, refused.code) == (403, "not-invited")
    other = somebody("t-other", Role.DRIVER, user_id="driver")
    assert (await call(api.issue_token, caller=other, call_id=call_id)).status == 404


async def test_a_call_is_remembered_with_who_and_how_long(tenant: str) -> None:
    call_id = (await started(tenant)).json["id"]
    for job in (
        happened(tenant, call_id, "room_started", 0),
        happened(tenant, call_id, "participant_left", 50, sid="PA_first"),
        happened(tenant, call_id, "participant_joined", 10, sid="PA_first"),
        happened(tenant, call_id, "participant_joined", 20, "dispatcher"),
        happened(tenant, call_id, "participant_joined", 55, sid="PA_again"),
        happened(tenant, call_id, "participant_left", 90, sid="PA_again"),
        happened(tenant, call_id, "participant_left", 100, "dispatcher"),
        happened(tenant, call_id, "room_finished", 110),
        happened(tenant, call_id, "room_finished", 110),
    ):
        await events.record_webhook(message(job))
    found = await read(tenant, call_id)

    assert (found["status"], found["outcome"], found["duration_s"]) == ("ended", "completed", 90)
    assert sorted(each["user_id"] for each in found["participants"]) == ["dispatcher", "driver"]
    (told,) = await told_by("calls", tenant, CallEnded)
    assert (told["duration_s"], told["participants"]) == (90, ["dispatcher", "driver"])
    trail = await call(api.read_audit, method="GET", caller=dispatcher(tenant), call_id=call_id)
    assert trail.json["intact"] is True


async def test_a_call_that_nobody_joins_is_missed(tenant: str) -> None:
    call_id = (await started(tenant)).json["id"]
    for _ in range(2):
        ended = await call(api.end, caller=dispatcher(tenant), call_id=call_id)
        assert (ended.json["status"], ended.json["outcome"]) == ("ended", "missed")
    assert len(await told_by("calls", tenant, CallEnded)) == 1
    refused = await call(api.issue_token, caller=driver(tenant), call_id=call_id)
    assert (refused.status, refused.code) == (409, "call-ended")


async def test_whoever_is_there_when_it_ends_leaves_with_it(tenant: str) -> None:
    call_id = (await started(tenant)).json["id"]
    await events.record_webhook(message(happened(tenant, call_id, "participant_joined", 0)))
    ended = await call(api.end, caller=driver(tenant), call_id=call_id)

    assert ended.json["participants"][0]["left_at"] is not None


async def test_the_history_lists_ones_own_calls(tenant: str) -> None:
    mine, other = await started(tenant, "driver"), await started(tenant, "somebody-else")
    await call(api.end, caller=dispatcher(tenant), call_id=mine.json["id"])

    async def listed(caller: Any, **query: str) -> list[str]:
        answer = await call(api.list_calls, method="GET", caller=caller, query=query)
        return [each["id"] for each in answer.json["items"]]

    assert await listed(driver(tenant)) == [mine.json["id"]]
    assert await listed(dispatcher(tenant)) == [other.json["id"], mine.json["id"]]
    assert await listed(dispatcher(tenant), status="ended") == [mine.json["id"]]


async def test_webhooks_of_unknown_rooms_change_nothing(tenant: str) -> None:
    await events.record_webhook(message(happened(tenant, "nobody", "room_finished", 0)))
    strange = happened(tenant, "x", "room_finished", 0).model_copy(update={"room": "lobby"})
    await events.record_webhook(message(strange))
    begun = await started(tenant)
    await events.record_webhook(message(happened(tenant, begun.json["id"], "egress_ended", 0)))
    assert (await read(tenant, begun.json["id"]))["status"] == "open"


async def test_a_call_whose_room_is_gone_ends_without_a_webhook(
    tenant: str, livekit: Process
) -> None:
    begun, kept = await started(tenant), await started(tenant)
    for each in (begun, kept):
        stored = await call_records().get(tenant, each.json["id"])
        old = stored.document.created_at - timedelta(hours=1)
        aged = stored.document.model_copy(update={"created_at": old})
        await call_records().save(stored.now(aged), "grow old")
    await calls()._rooms.close(f"{tenant}~{begun.json['id']}")
    for _ in range(2):
        await timers.every_5_minutes_close_forgotten(None)

    assert (await read(tenant, begun.json["id"]))["status"] == "ended"
    assert (await read(tenant, kept.json["id"]))["status"] == "open"


def signed(body: bytes, secret: str = SECRET, **claims: object) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    now = int(datetime.now(UTC).timestamp())
    standard = {"iss": KEY, "nbf": now, "exp": now + 300, "sha256": digest}
    token = jwt.encode({**standard, **claims}, secret, "HS256")
    return {**KIND, "authorization": token}


@pytest.mark.parametrize(
    "headers",
    [
        KIND,
        {**KIND, "authorization": "rubbish"},
        signed(b"{}", "another-secret-of-32-characters!!"),
        signed(b"{} "),
        signed(b"{}", exp=1),
        signed(b"{}", iss="somebody"),
    ],
    ids=["none", "rubbish", "wrong secret", "wrong body", "expired", "wrong key"],
)
async def test_a_webhook_that_is_not_livekits_is_refused(headers: dict[str, str]) -> None:
    refused = await call(api.receive_webhook, b"{}", headers=headers)
    assert (refused.status, refused.code) == (401, "webhook-not-signed")


async def test_a_verified_webhook_waits_on_its_queue_once(
    tenant: str, service_bus: Process
) -> None:
    calls.forget()
    job = happened(tenant, "c-1", "participant_joined", 0)
    body = json.dumps(job.event).encode()
    for _ in range(2):
        taken = await call(api.receive_webhook, body, headers=signed(body))
        assert taken.status == 200
    strange = json.dumps({"event": "room_started", "id": "EV_9", "room": {"name": "x"}}).encode()
    assert (await call(api.receive_webhook, strange, headers=signed(strange))).status == 200

    connection = service_bus_connection(service_bus.ready["url"])
    async with ServiceBusClient.from_connection_string(connection) as client:
        receiver = client.get_queue_receiver("calls-webhooks", session_id=NEXT_AVAILABLE_SESSION)
        async with receiver:
            found = await receiver.receive_messages(max_message_count=10, max_wait_time=2)
            for each in found:
                await receiver.complete_message(each)
    assert [each.message_id for each in found] == [job.id]
    assert found[0].session_id == f"{tenant}~c-1"
    assert json.loads(str(found[0]))["event"]["participant"]["identity"] == "driver"


async def test_without_livekit_there_is_no_call_and_nothing_is_kept(tenant: str) -> None:
    from functions.calls.repository import LiveKitRooms
    from functions.calls.service import CallService
    from shared.platform import clock

    nobody = LiveKitRooms("http://127.0.0.1:9", KEY, SECRET)
    stranded = CallService(call_records(), nobody, calls()._jobs, clock.now)
    with calls.replaced_by(stranded):
        refused = await started(tenant)
    assert (refused.status, refused.code) == (503, "unavailable")
    assert await call_records().where(tenant) == []
