"""E-mail by the unchanged SDK: taken, polled, repeated, refused."""

import asyncio
import base64
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.contract.communication.running import FROM_MAIL, Running, mail

PATH = "/emails:send?api-version=2025-09-01"
PDF = b"%PDF-1.7\x00\xff" * 1000


async def test_sent_mail_succeeds_and_is_recorded_whole(recorder: Running) -> None:
    attachment = {
        "name": "ação.pdf",
        "contentType": "application/pdf",
        "contentInBase64": base64.b64encode(PDF).decode(),
    }
    message = mail(
        recipients={
            "to": [{"address": "ana@example.com", "displayName": "Ana"}],
            "cc": [{"address": "cc@example.com"}],
            "bcc": [{"address": "bcc@example.com"}],
        },
        replyTo=[{"address": "reply@example.com"}],
        headers={"x-trip": "7"},
        attachments=[attachment],
        userEngagementTrackingDisabled=True,
    )
    operation = str(uuid.uuid4())
    async with recorder.email() as email:
        poller = await email.begin_send(message, operation_id=operation)
        result = await poller.result()
    assert (result["id"], result["status"], result["error"]) == (operation, "Succeeded", None)
    (recorded,) = await recorder.messages()
    assert recorded["id"] == operation
    assert recorded["from"] == FROM_MAIL
    assert recorded["to"] == [{"address": "ana@example.com", "name": "Ana"}]
    assert [
        one[0]["address"] for one in (recorded["cc"], recorded["bcc"], recorded["reply_to"])
    ] == [
        "cc@example.com",
        "bcc@example.com",
        "reply@example.com",
    ]
    assert (recorded["subject"], recorded["text"], recorded["html"]) == (
        "Hello",
        "Text",
        "<p>Text</p>",
    )
    assert recorded["headers"] == {"x-trip": "7"}
    assert recorded["options"] == {"tracking": False}
    kept = recorded["attachments"][0]
    assert (kept["name"], kept["size"]) == ("ação.pdf", len(PDF))
    async with recorder.http.get(kept["url"]) as response:
        assert await response.read() == PDF
        assert response.headers["Content-Disposition"].startswith("attachment;")


async def test_operation_runs_for_a_moment_and_then_succeeds(recorder: Running) -> None:
    operation = str(uuid.uuid4())
    status, taken = await recorder.send(
        PATH, json.dumps(mail()).encode(), **{"Operation-Id": operation}
    )
    assert (status, taken) == (202, {"id": operation, "status": "Running", "error": None})
    place = f"/emails/operations/{operation}?api-version=2025-09-01"
    recorder.late = timedelta(milliseconds=-500)
    assert (await recorder.send(place, b"", "GET"))[1]["status"] == "Running"
    recorder.late = timedelta(seconds=1)
    assert (await recorder.send(place, b"", "GET"))[1]["status"] == "Succeeded"


async def test_the_same_operation_is_recorded_once(recorder: Running) -> None:
    operation = str(uuid.uuid4())
    async with recorder.email() as email:
        for _ in range(2):
            poller = await email.begin_send(mail(), operation_id=operation)
            assert (await poller.result())["id"] == operation
    assert len(await recorder.messages()) == 1


async def test_the_same_operation_many_times_at_once(recorder: Running) -> None:
    headers = {"Operation-Id": str(uuid.uuid4())}
    body = json.dumps(mail()).encode()
    answers = await asyncio.gather(*(recorder.send(PATH, body, **headers) for _ in range(20)))
    assert {status for status, _ in answers} == {202}
    assert len(await recorder.messages()) == 1


async def test_without_an_operation_id_each_is_its_own(recorder: Running) -> None:
    body = json.dumps(mail()).encode()
    ids = {(await recorder.send(PATH, body))[1]["id"] for _ in range(2)}
    assert len(ids) == 2
    assert len(await recorder.messages()) == 2


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "a@b",
        "@example.com",
        "a@example..com",
        "a b@example.com",
        "Ana <ana@example.com>",
        "a@-example.com",
        ".a@example.com",
        f"{'x' * 65}@example.com",
        "ana@example.com\n",
        "",
    ],
)
async def test_addresses_that_are_none(recorder: Running, address: str) -> None:
    for message in (
        mail(recipients={"to": [{"address": "ana@example.com"}, {"address": address}]}),
        mail(recipients={"bcc": [{"address": address}]}),
        mail(replyTo=[{"address": address}]),
        mail(senderAddress=address),
    ):
        status, answer = await recorder.send(PATH, json.dumps(message).encode())
        assert (status, answer["error"]["code"]) == (400, "InvalidEmailAddress")
    assert await recorder.messages() == []


@pytest.mark.parametrize("address", ["a+tag@example.com", "o'neil@sub.example.co", "x@1.example"])
async def test_addresses_that_are_unusual_and_good(recorder: Running, address: str) -> None:
    message = mail(recipients={"to": [{"address": address}]})
    assert (await recorder.send(PATH, json.dumps(message).encode()))[0] == 202


@pytest.mark.parametrize(
    "changes",
    [
        {"recipients": {"to": []}},
        {"recipients": {"to": [{"address": f"a{n}@example.com"} for n in range(51)]}},
        {"content": {"subject": "No body"}},
        {"content": {"subject": "", "plainText": "No subject"}},
        {"attachments": [{"name": "a", "contentType": "b/c", "contentInBase64": "%%%"}]},
        {"attachments": [{"name": "a", "contentInBase64": ""}]},
    ],
    ids=["nobody", "too many", "no body", "no subject", "not base64", "no type"],
)
async def test_refused_mail(recorder: Running, changes: dict[str, Any]) -> None:
    async with recorder.email() as email:
        with pytest.raises(HttpResponseError) as refused:
            await email.begin_send(mail(**changes))
    assert refused.value.status_code == 400
    assert await recorder.messages() == []


async def test_operation_id_must_be_a_uuid(recorder: Running) -> None:
    body = json.dumps(mail()).encode()
    status, _ = await recorder.send(PATH, body, **{"Operation-Id": "my-own"})
    assert status == 400


async def test_unknown_operation(recorder: Running) -> None:
    place = f"/emails/operations/{uuid.uuid4()}?api-version=2025-09-01"
    status, answer = await recorder.send(place, b"", "GET")
    assert (status, answer["error"]["code"]) == (404, "NotFound")


async def test_a_request_over_ten_megabytes_is_refused(recorder: Running) -> None:
    huge = mail(content={"subject": "Huge", "plainText": "x" * (10 * 1024 * 1024)})
    status, answer = await recorder.send(PATH, json.dumps(huge).encode())
    assert (status, answer["error"]["code"]) == (413, "RequestTooLarge")
