"""Documents over the real emulators, and one upload as a client makes it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from functions.documents.api.content import complete_version
from functions.documents.api.documents import create
from local.process import Process
from shared.identity.caller import Caller
from tests.support.http import Answer, call, somebody


@pytest.fixture(autouse=True)
def azure(records: None, blob_storage: Process) -> None:
    """Every test here needs both."""


@pytest.fixture
def ann(tenant: str) -> Caller:
    return somebody(tenant)


@dataclass
class Client:
    """A caller with an HTTP client of their own, as an app has."""

    caller: Caller
    session: aiohttp.ClientSession

    async def created(self, name: str, media_type: str, **more: object) -> Any:
        body = {"name": name, "media_type": media_type, **more}
        answer = await call(create, body, caller=self.caller)
        assert answer.status == 201, answer.json
        return answer.json

    async def sent(self, upload: dict[str, Any], content: bytes) -> None:
        async with self.session.request(
            upload["method"], upload["url"], data=content, headers=upload["headers"]
        ) as answer:
            assert answer.status == 201

    async def completed(self, document_id: str, number: int = 1) -> Answer:
        return await call(
            complete_version, caller=self.caller, document_id=document_id, number=str(number)
        )

    async def uploaded(self, name: str, media_type: str, content: bytes, **more: object) -> Answer:
        """Created, sent and completed; the answer of the last."""
        made = await self.created(name, media_type, **more)
        await self.sent(made["upload"], content)
        return await self.completed(made["document"]["id"])


@pytest.fixture
async def client(ann: Caller) -> AsyncGenerator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(ann, session)
