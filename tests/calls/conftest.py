"""A LiveKit that speaks its API, and the app wired to it."""

from collections.abc import Generator
from pathlib import Path

import pytest

from functions.calls.wiring import calls
from local.process import Process, python_part, start
from tests.support.azure import configured

KEY, SECRET = "APItest", "a-secret-of-at-least-32-characters"


@pytest.fixture(scope="package")
def livekit(logs: Path, records: None) -> Generator[Process]:
    command = python_part("local.livekit", "--port", "0")
    env = {"LIVEKIT_API_KEY": KEY, "LIVEKIT_API_SECRET": SECRET}
    process = start("livekit", command, log=logs / "livekit.log", env=env)
    url = process.ready["url"]
    calls.forget()
    with configured(LIVEKIT__url=url, LIVEKIT__apiKey=KEY, LIVEKIT__apiSecret=SECRET):
        yield process
    calls.forget()
    process.stop()
