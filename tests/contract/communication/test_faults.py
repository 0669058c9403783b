"""Faults on order: so that retries, lost answers and failed operations can be tested."""

import json
import uuid
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.contract.communication.running import SENDER, TO, Running, mail
from tests.contract.communication.test_sms import PATH as SMS_PATH
from tests.contract.communication.test_sms import repeatable, request


async def test_as_many_requests_fail_as_were_ordered(recorder: Running) -> None:
    await recorder.order(channel="sms", status=503, count=2)
    async with recorder.sms() as sms:
        for _ in range(2):
            with pytest.raises(HttpResponseError) as failed:
                await sms.send(SENDER, TO, "Hi")
            assert failed.value.status_code == 503
        assert (await sms.send(SENDER, TO, "Hi"))[0].successful
    assert len(await recorder.messages()) == 1


async def test_other_channels_go_on(recorder: Running) -> None:
    await recorder.order(channel="email", status=429, retry_after_s=7)
    async with recorder.sms() as sms:
        assert (await sms.send(SENDER, TO, "Hi"))[0].successful
    async with recorder.email() as email:
        with pytest.raises(HttpResponseError) as failed:
            await email.begin_send(mail())
    headers: Any = getattr(failed.value.response, "headers", {})
    assert (failed.value.status_code, headers["Retry-After"]) == (429, "7")


async def test_a_lost_answer_is_healed_by_repeating(recorder: Running) -> None:
    await recorder.order(channel="sms", status=500, after_recording=True)
    body = request(repeatable(TO, str(uuid.uuid4())))
    assert (await recorder.send(SMS_PATH, body))[0] == 500
    (recorded,) = await recorder.messages()
    status, answer = await recorder.send(SMS_PATH, body)
    assert (status, answer["value"][0]["messageId"]) == (202, recorded["id"])
    assert len(await recorder.messages()) == 1


async def test_a_lost_answer_to_mail_is_healed_by_repeating(recorder: Running) -> None:
    await recorder.order(channel="email", status=502, after_recording=True)
    operation = str(uuid.uuid4())
    async with recorder.email() as email:
        with pytest.raises(HttpResponseError):
            await email.begin_send(mail(), operation_id=operation)
        poller = await email.begin_send(mail(), operation_id=operation)
        assert (await poller.result())["status"] == "Succeeded"
    assert len(await recorder.messages()) == 1


async def test_one_recipient_fails_alone_and_may_be_repeated(recorder: Running) -> None:
    await recorder.order(channel="sms", to=TO, status=500)
    body = request(repeatable(TO, str(uuid.uuid4())), {"to": "+491701234567"})
    _, answer = await recorder.send(SMS_PATH, body)
    assert [one["httpStatusCode"] for one in answer["value"]] == [500, 202]
    _, again = await recorder.send(SMS_PATH, body)
    assert again["value"][0]["successful"]


async def test_an_operation_that_fails(recorder: Running) -> None:
    await recorder.order(channel="email", outcome="Failed")
    async with recorder.email() as email:
        poller = await email.begin_send(mail())
        with pytest.raises(HttpResponseError) as failed:
            await poller.result()
        assert failed.value.error is not None
        assert failed.value.error.code == "EmailDroppedAllRecipientsSuppressed"
        poller = await email.begin_send(mail())
        assert (await poller.result())["status"] == "Succeeded"


@pytest.mark.parametrize(
    "order",
    [
        {"channel": "fax"},
        {"channel": "sms", "status": 200},
        {"channel": "sms", "count": 0},
        {"channel": "sms", "outcome": "Failed"},
        {"channel": "email", "to": TO},
        {"channel": "email", "outcome": "Late"},
        {"channel": "sms", "unknown": 1},
        [],
    ],
)
async def test_orders_that_make_no_sense(recorder: Running, order: Any) -> None:
    async with recorder.http.post("/_local/faults", json=order) as response:
        assert response.status == 400
        assert (await response.json())["errors"]


async def test_orders_are_shown_cleared_and_need_json(recorder: Running) -> None:
    await recorder.order(channel="sms", count=3)
    async with recorder.http.get("/_local/faults") as response:
        (fault,) = (await response.json())["faults"]
    assert (fault["channel"], fault["left"]) == ("sms", 3)
    async with recorder.http.delete("/_local/faults") as response:
        assert response.status == 200
    async with recorder.sms() as sms:
        assert (await sms.send(SENDER, TO, "Hi"))[0].successful
    form = json.dumps({"channel": "sms"})
    headers = {"Content-Type": "text/plain"}
    async with recorder.http.post("/_local/faults", data=form, headers=headers) as response:
        assert response.status == 415
