"""Azurite, the Blob Storage that Microsoft ships for laptops: started once for a whole run."""

import os
import re
import subprocess
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

import pytest

from local.process import ROOT, PartFailed, Process
from local.provision import provision
from tests.support.azure import configured, let_go

PROGRAM = ROOT / "azurite" / "node_modules" / ".bin" / "azurite-blob"
LISTENING = re.compile(r"successfully listens on (http://127\.0\.0\.1:\d+)")
PATIENCE_S = 90.0
# The account and key that Azurite publishes for everybody; they open nothing else.
ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)


def blob_connection(url: str) -> str:
    """The connection string of an Azurite that listens at `url`."""
    return (
        f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};"
        f"BlobEndpoint={url}/{ACCOUNT};"
    )


@contextmanager
def running_azurite(logs: Path) -> Generator[Process]:
    """Blob Storage in memory on any free port. Raises PartFailed with what Azurite said."""
    if not PROGRAM.exists():
        raise PartFailed("Azurite is not installed: run `npm ci` in azurite/.")
    process = _started(logs)
    try:
        yield process
    finally:
        process.stop()


def _started(logs: Path) -> Process:
    command = [
        *(str(PROGRAM), "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence"),
        *("--skipApiVersionCheck", "--disableTelemetry", "--silent"),
    ]
    popen = subprocess.Popen(
        command,
        cwd=logs,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said: Queue[str | None] = Queue()
    threading.Thread(target=_follow, args=(popen, said), daemon=True).start()
    process = Process("azurite", popen)
    lines: list[str] = []
    try:
        while (line := said.get(timeout=PATIENCE_S)) is not None:
            lines.append(line)
            if match := LISTENING.search(line):
                process.ready = {"url": match[1]}
                return process
    except Empty:
        lines.append(f"silent for {PATIENCE_S} s")
    process.stop(grace_s=1)
    raise PartFailed("azurite did not start.\n" + "".join(lines[-15:]))


def _follow(popen: "subprocess.Popen[str]", said: "Queue[str | None]") -> None:
    """Read on to the end, so that Azurite never waits for somebody to read."""
    if popen.stdout is not None:
        with popen.stdout:
            for line in popen.stdout:
                said.put(line)
    said.put(None)


@pytest.fixture(scope="session")
async def blob_storage(logs: Path, records: None) -> AsyncGenerator[Process]:
    """The app's blob containers, reached by its own client; its records too."""
    with running_azurite(logs) as process:
        connection = blob_connection(process.ready["url"])
        with configured(BLOB=connection):
            await provision(cosmos=None, blob=connection)
            yield process
            await let_go()
