"""Who may send: only whoever signs this very request, now, with the key."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from azure.core.exceptions import ClientAuthenticationError

from local.communication.authorization import SCHEME, AccessKey, Signed, authorize
from local.communication.refusals import Refused
from tests.contract.communication.running import (
    KEY,
    SENDER,
    TO,
    Running,
    mail,
    signed_headers,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BODY = b'{"a": 1}'
TARGET = "/sms?api-version=2021-03-07"
HOST = "127.0.0.1:7090"
OTHER_KEY = base64.b64encode(b"another key").decode()


async def test_the_sdks_with_another_key_are_refused(recorder: Running) -> None:
    async with recorder.sms(OTHER_KEY) as sms:
        with pytest.raises(ClientAuthenticationError):
            await sms.send(SENDER, TO, "Hi")
    async with recorder.email(OTHER_KEY) as email:
        with pytest.raises(ClientAuthenticationError):
            await email.begin_send(mail())
    assert await recorder.messages() == []


async def test_a_late_clock_is_refused(recorder: Running) -> None:
    recorder.late = timedelta(minutes=16)
    async with recorder.sms() as sms:
        with pytest.raises(ClientAuthenticationError):
            await sms.send(SENDER, TO, "Hi")


def attempt(
    now: datetime = NOW,
    target: str = TARGET,
    method: str = "POST",
    body: bytes = BODY,
    **headers: str,
) -> None:
    signed = {**signed_headers("POST", TARGET, HOST, BODY, NOW), "Host": HOST}
    renamed = {name.replace("_", "-"): value for name, value in headers.items()}
    authorize(Signed(method, target, {**signed, **renamed}, body), AccessKey.of(KEY), now)


@pytest.mark.parametrize("minutes", [-15, 0, 15])
def test_signed_in_time(minutes: int) -> None:
    attempt(now=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "change",
    [
        {"now": NOW + timedelta(minutes=15, seconds=1)},
        {"now": NOW - timedelta(minutes=15, seconds=1)},
        {"body": BODY + b" "},
        {"target": "/sms?api-version=2022-01-01"},
        {"target": "/emails:send?api-version=2021-03-07"},
        {"method": "GET"},
        {"Host": "127.0.0.1:9999"},
        {"x_ms_date": "Fri, 20 Nov 2026 12:00:01 GMT"},
        {"x_ms_date": "noon"},
        {"x_ms_date": ""},
        {"x_ms_content_sha256": ""},
        {"Authorization": ""},
        {"Authorization": "Bearer abc"},
        {"Authorization": "HMAC-SHA256 SignedHeaders=x-ms-date&Signature=abc"},
        {"Authorization": SCHEME + "é"},
    ],
)
def test_anything_that_was_changed_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        attempt(**change)  # type: ignore[arg-type]  # each case is one argument
    assert refused.value.status == 401
    assert refused.value.code == "Denied"


@pytest.mark.parametrize("text", ["", "not base64!", "ab"])
def test_a_key_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="access key"):
        AccessKey.of(text)
