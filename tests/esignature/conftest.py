"""The capability over real emulators and a real timestamp authority, on a clock that moves."""

from collections.abc import Generator
from pathlib import Path
from urllib.request import urlopen

import pytest

from functions.esignature.wiring import assembled, esignature
from local.process import Process, python_part, start
from tests.esignature.cast import MovedClock
from tests.pades.conftest import made_world, root, world
from tests.support.azure import configured
from tests.support.azurite import blob_storage

__all__ = ["blob_storage", "made_world", "root", "world"]


@pytest.fixture(scope="session")
def tsa(logs: Path) -> Generator[Process]:
    process = start("tsa", python_part("local.tsa", "--port", "0"), log=logs / "tsa.log")
    try:
        yield process
    finally:
        process.stop()


@pytest.fixture(scope="session")
def tsa_root(tsa: Process) -> str:
    with urlopen(tsa.ready["url"] + "/ca.pem") as answer:
        pem: bytes = answer.read()
    return pem.decode()


@pytest.fixture(scope="session")
def timestamping(blob_storage: Process, tsa: Process, tsa_root: str) -> Generator[Process]:
    """The app's settings name the authority, and trust it."""
    with configured(TSA__url=tsa.ready["url"], TSA__roots=tsa_root):
        yield tsa


@pytest.fixture(autouse=True)
def now(timestamping: Process) -> Generator[MovedClock]:
    """The clock of everything here; each test starts at the real time."""
    clock = MovedClock()
    with esignature.replaced_by(assembled(clock)):
        yield clock
