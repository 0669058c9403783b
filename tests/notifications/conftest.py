"""Notifications over the real emulators, and what the provider recorded."""

import base64
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from functions.notifications import wiring
from local.process import Process, python_part, start
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from tests.support.azure import configured
from tests.support.http import somebody

KEY = base64.b64encode(b"a key of the tests' recorder").decode()


@dataclass
class Recorder:
    """The provider as it sees things, and faults that it is told to have."""

    url: str
    session: aiohttp.ClientSession

    async def got(self, to: str) -> list[dict[str, Any]]:
        async with self.session.get(f"{self.url}/_local/messages", params={"to": to}) as answer:
            items: list[dict[str, Any]] = (await answer.json())["items"]
            return items

    async def fails(self, channel: str, **order: object) -> None:
        body = {"channel": channel, **order}
        async with self.session.post(f"{self.url}/_local/faults", json=body) as answer:
            assert answer.status == 201, await answer.text()

    async def works(self) -> None:
        async with self.session.delete(f"{self.url}/_local/faults") as answer:
            assert answer.status == 200


@pytest.fixture(scope="session")
def communication(logs: Path, records: None) -> Generator[Process]:
    """The recorder of e-mail and SMS, in memory."""
    process = start(
        "communication",
        python_part("local.communication", "--port", "0"),
        log=logs / "communication.log",
        env={"LOCAL_PART_KEY": KEY},
    )
    with configured(COMMUNICATION__endpoint=process.ready["url"], COMMUNICATION__accessKey=KEY):
        try:
            yield process
        finally:
            process.stop()


@pytest.fixture
async def recorder(communication: Process) -> AsyncGenerator[Recorder]:
    """Faults and clients end with the test."""
    async with aiohttp.ClientSession() as session:
        recorder = Recorder(communication.ready["url"], session)
        yield recorder
        await recorder.works()
        await wiring.email().close()
        await wiring.sms().close()
        for provided in (wiring.email, wiring.sms, wiring.sending):
            provided.forget()


@pytest.fixture(autouse=True)
def azure(records: None) -> None:
    """Every test here needs records."""


@pytest.fixture
def ann(tenant: str) -> Caller:
    return somebody(tenant)


@pytest.fixture
def member(tenant: str) -> Caller:
    return somebody(tenant, Role.MEMBER, user_id="u-2")
