"""Two companies with one of each thing, and everything that the app needs for that."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from functions.calls.wiring import calls
from local.process import Process, python_part, start
from tests.security.asking import Somebody
from tests.security.things import one_of_each
from tests.support.azure import configured

KEY, SECRET = "APItest", "a-secret-of-at-least-32-characters"


@pytest.fixture(scope="package")
def livekit(logs: Path, records: None) -> Generator[Process]:
    env = {"LIVEKIT_API_KEY": KEY, "LIVEKIT_API_SECRET": SECRET}
    command = python_part("local.livekit", "--port", "0")
    process = start("livekit", command, log=logs / "livekit-security.log", env=env)
    calls.forget()
    url = process.ready["url"]
    with configured(LIVEKIT__url=url, LIVEKIT__apiKey=KEY, LIVEKIT__apiSecret=SECRET):
        yield process
    calls.forget()
    process.stop()


@dataclass(frozen=True)
class Company:
    """A tenant, the ids of its things by the names that routes give them, and who runs it."""

    tenant: str
    ids: dict[str, str]
    boss: Somebody


@pytest.fixture
async def companies(records: None, blob_storage: Process, livekit: Process) -> list[Company]:
    """Two that have nothing to do with each other."""
    found = []
    for tenant in (f"ours-{uuid4()}", f"theirs-{uuid4()}"):
        ids, boss = await one_of_each(tenant)
        found.append(Company(tenant, ids, boss))
    return found
