"""The recorder inside the test's own process, with a clock that the test moves."""

import base64
import hashlib
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from azure.communication.email.aio import EmailClient
from azure.communication.sms.aio import SmsClient
from azure.core.credentials import AzureKeyCredential

from local.communication.authorization import SCHEME, AccessKey
from local.communication.server import application

KEY = base64.b64encode(b"a key of the tests, 32 bytes long").decode()
SENDER = "+14255550100"
TO = "+14255550123"
FROM_MAIL = "no-reply@collab.example"


@dataclass
class Running:
    """`http` has the recorder's address as its base; `late` is how far the clock was moved."""

    url: str
    http: aiohttp.ClientSession
    late: timedelta = field(default_factory=timedelta)

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.late

    def sms(self, key: str = KEY) -> SmsClient:
        return SmsClient(self.url, AzureKeyCredential(key), retry_total=0)

    def email(self, key: str = KEY) -> EmailClient:
        return EmailClient(self.url, AzureKeyCredential(key), retry_total=0)

    async def messages(self, **query: str) -> list[dict[str, Any]]:
        async with self.http.get("/_local/messages", params=query) as response:
            assert response.status == 200
            return list((await response.json())["items"])

    async def order(self, **fault: Any) -> None:
        async with self.http.post("/_local/faults", json=fault) as response:
            assert response.status == 201, await response.text()

    async def send(
        self, path: str, body: bytes, method: str = "POST", **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """A request as an SDK signs it, whatever its body; `headers` replace what was signed."""
        signed = signed_headers(method, path, self.url.removeprefix("http://"), body, self.clock())
        signed = {**signed, "Content-Type": "application/json", **headers}
        async with self.http.request(
            method, path, data=io.BytesIO(body), headers=signed
        ) as response:
            return response.status, await response.json()


def signed_headers(
    method: str, target: str, host: str, body: bytes, now: datetime
) -> dict[str, str]:
    date = format_datetime(now, usegmt=True)
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    signature = AccessKey.of(KEY).signature(f"{method}\n{target}\n{date};{host};{digest}")
    return {
        "x-ms-date": date,
        "x-ms-content-sha256": digest,
        "Authorization": SCHEME + signature,
    }


@asynccontextmanager
async def running(folder: Path | None = None) -> AsyncIterator[Running]:
    holder: list[Running] = []

    def clock() -> datetime:
        return holder[0].clock()

    app = application(AccessKey.of(KEY), folder, clock=clock)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(url) as http:
        holder.append(Running(url, http))
        try:
            yield holder[0]
        finally:
            await runner.cleanup()


def mail(**changes: Any) -> dict[str, Any]:
    """A message that the service takes."""
    message: dict[str, Any] = {
        "senderAddress": FROM_MAIL,
        "content": {"subject": "Hello", "plainText": "Text", "html": "<p>Text</p>"},
        "recipients": {"to": [{"address": "ana@example.com", "displayName": "Ana"}]},
    }
    return {**message, **changes}
