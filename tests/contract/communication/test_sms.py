"""SMS by the unchanged SDK, and the requests that it never makes."""

import asyncio
import json
import uuid
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.contract.communication.running import SENDER, TO, Running

PATH = "/sms?api-version=2021-03-07"
FIRST_SENT = "Fri, 20 Nov 2026 12:00:00 GMT"


def request(*recipients: dict[str, Any], **changes: Any) -> bytes:
    body = {"from": SENDER, "message": "Hi", "smsRecipients": list(recipients), **changes}
    return json.dumps(body).encode()


def repeatable(to: str, request_id: str) -> dict[str, str]:
    return {"to": to, "repeatabilityRequestId": request_id, "repeatabilityFirstSent": FIRST_SENT}


async def test_each_recipient_has_a_result_and_a_record(recorder: Running) -> None:
    async with recorder.sms() as sms:
        results = await sms.send(
            SENDER, [TO, "+491701234567"], "Hi ✓", enable_delivery_report=True, tag="trip-7"
        )
    assert [(one.to, one.http_status_code, one.successful) for one in results] == [
        (TO, 202, True),
        ("+491701234567", 202, True),
    ]
    recorded = await recorder.messages()
    assert [one["id"] for one in recorded] == [one.message_id for one in reversed(results)]
    assert recorded[0]["text"] == "Hi ✓"
    assert recorded[0]["from"] == SENDER
    assert recorded[0]["tag"] == "trip-7"
    assert recorded[0]["options"] == {"delivery_report": True}


@pytest.mark.parametrize(
    "wrong",
    ["4255550123", "+1425555012345", "+", "nope", "+1 425 555 0123", "+999123456789", "", "+٤٢٥٥"],
)
async def test_a_number_that_is_none_fails_alone(recorder: Running, wrong: str) -> None:
    async with recorder.sms() as sms:
        good, bad = await sms.send(SENDER, [TO, wrong], "Hi")
    assert good.successful
    assert (bad.to, bad.http_status_code, bad.successful) == (wrong, 400, False)
    assert bad.message_id is None
    assert bad.error_message == "Invalid To phone number format."
    assert len(await recorder.messages()) == 1


async def test_the_same_request_id_is_recorded_once_and_answered_alike(recorder: Running) -> None:
    body = request(repeatable(TO, str(uuid.uuid4())))
    first = await recorder.send(PATH, body)
    again = await recorder.send(PATH, body)
    assert first == again
    assert first[1]["value"][0]["repeatabilityResult"] == "accepted"
    assert len(await recorder.messages()) == 1


async def test_the_same_request_id_many_times_at_once(recorder: Running) -> None:
    body = request(repeatable(TO, str(uuid.uuid4())))
    answers = await asyncio.gather(*(recorder.send(PATH, body) for _ in range(20)))
    assert len({answer[1]["value"][0]["messageId"] for answer in answers}) == 1
    assert len(await recorder.messages()) == 1


async def test_request_ids_ignore_case(recorder: Running) -> None:
    request_id = str(uuid.uuid4())
    first = await recorder.send(PATH, request(repeatable(TO, request_id)))
    again = await recorder.send(PATH, request(repeatable(TO, request_id.upper())))
    assert first == again


async def test_a_request_id_of_another_recipient_is_rejected(recorder: Running) -> None:
    request_id = str(uuid.uuid4())
    body = request(repeatable(TO, request_id), repeatable("+491701234567", request_id))
    _, answer = await recorder.send(PATH, body)
    assert [one["successful"] for one in answer["value"]] == [True, False]
    assert answer["value"][1]["repeatabilityResult"] == "rejected"


@pytest.mark.parametrize(
    "badly",
    [{"repeatabilityRequestId": "not-a-uuid"}, {"repeatabilityFirstSent": "yesterday"}],
)
async def test_a_request_that_is_badly_repeatable(recorder: Running, badly: dict[str, str]) -> None:
    recipient = {**repeatable(TO, str(uuid.uuid4())), **badly}
    _, answer = await recorder.send(PATH, request(recipient))
    assert answer["value"][0]["httpStatusCode"] == 400
    assert await recorder.messages() == []


async def test_without_a_request_id_each_is_recorded(recorder: Running) -> None:
    for _ in range(2):
        await recorder.send(PATH, request({"to": TO}))
    assert len(await recorder.messages()) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        request(),
        request(*[{"to": TO}] * 101),
        request({"to": TO}, message="x" * 2049),
        request({"to": TO}, **{"from": "not a sender!"}),
        request({"to": TO}, **{"from": "12"}),
        request({"no": "number"}),
    ],
    ids=["empty", "broken", "list", "nobody", "too many", "long", "sender", "short", "no to"],
)
async def test_refused_requests(recorder: Running, body: bytes) -> None:
    status, answer = await recorder.send(PATH, body)
    assert status == 400
    assert answer["error"]["code"] == "BadRequest"
    assert await recorder.messages() == []


@pytest.mark.parametrize("sender", ["+14255550100", "12345", "Collab"])
async def test_numbers_short_codes_and_names_may_send(recorder: Running, sender: str) -> None:
    status, _ = await recorder.send(PATH, request({"to": TO}, **{"from": sender}))
    assert status == 202


async def test_a_version_is_needed(recorder: Running) -> None:
    status, answer = await recorder.send("/sms", request({"to": TO}))
    assert (status, answer["error"]["code"]) == (400, "MissingApiVersionParameter")


async def test_the_sdk_raises_for_a_bad_sender(recorder: Running) -> None:
    async with recorder.sms() as sms:
        with pytest.raises(HttpResponseError) as refused:
            await sms.send("no sender!", TO, "Hi")
    assert refused.value.status_code == 400
