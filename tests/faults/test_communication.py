"""Communication Services under a plan, met by the unchanged SDKs."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from azure.communication.email.aio import EmailClient
from azure.communication.sms.aio import SmsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError

from local.communication.authorization import AccessKey
from local.communication.server import application
from local.faults.plan import Faults
from tests.contract.communication.running import KEY, SENDER, TO, mail
from tests.faults.serving import once, serving

LOST = (ServiceRequestError, ServiceResponseError)


@asynccontextmanager
async def recorder(plan: Faults) -> AsyncIterator[str]:
    async with serving(application(AccessKey.of(KEY), None, plan=plan)) as url:
        yield url


def sms_at(url: str) -> SmsClient:
    return SmsClient(url, AzureKeyCredential(KEY), retry_total=0)


def email_at(url: str) -> EmailClient:
    return EmailClient(url, AzureKeyCredential(KEY), retry_total=0)


async def recorded(url: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(f"{url}/_local/messages") as answer:
        return len((await answer.json())["items"])


async def test_unavailable_takes_nothing() -> None:
    plan = once("communication", "unavailable", target="sms", retry_after_ms=1500)
    async with recorder(plan) as url, sms_at(url) as sms:
        with pytest.raises(HttpResponseError) as failed:
            await sms.send(SENDER, TO, "Hi")
        headers: Any = getattr(failed.value.response, "headers", {})
        assert headers["Retry-After"] == "2"
        assert (failed.value.status_code, await recorded(url)) == (503, 0)
        assert (await sms.send(SENDER, TO, "Hi"))[0].successful


async def test_a_lost_reply_is_kept_and_its_repetition_is_the_same() -> None:
    operation = str(uuid.uuid4())
    plan = once("communication", "reply-lost", operation="send", target="email")
    async with recorder(plan) as url, email_at(url) as email:
        with pytest.raises(LOST):
            await email.begin_send(mail(), operation_id=operation)
        assert await recorded(url) == 1
        poller = await email.begin_send(mail(), operation_id=operation)
        assert (await poller.result())["id"] == operation
        assert await recorded(url) == 1


async def test_a_wrong_sms_answer_is_about_somebody_else_and_nothing_is_sent() -> None:
    async with recorder(once("communication", "wrong", target="sms")) as url, sms_at(url) as sms:
        [result] = await sms.send(SENDER, TO, "Hi")
        assert result.successful
        assert result.to != TO
        assert await recorded(url) == 0


async def test_a_wrong_email_answer_is_about_another_operation() -> None:
    operation = str(uuid.uuid4())
    plan = once("communication", "wrong", operation="send")
    async with recorder(plan) as url, email_at(url) as email:
        poller = await email.begin_send(mail(), operation_id=operation)
        assert (await poller.result())["id"] != operation
        assert await recorded(url) == 0


async def test_slow_is_late_and_right() -> None:
    plan = once("communication", "slow", delay_s=0.05)
    async with recorder(plan) as url, sms_at(url) as sms:
        assert (await sms.send(SENDER, TO, "Hi"))[0].successful


async def test_the_page_of_the_recorder_never_fails() -> None:
    plan = once("communication", "unavailable", count=1000)
    async with recorder(plan) as url, aiohttp.ClientSession() as http:
        for path in ("/", "/_local/messages"):
            async with http.get(url + path) as answer:
                assert answer.status == 200
