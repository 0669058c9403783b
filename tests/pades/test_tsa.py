"""The local timestamp authority as the process that the local Azure starts."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.process import Process, python_part, start
from shared.pades.levels import Level
from shared.pades.timestamping import HttpTimestamper
from shared.pades.verifying import verify
from tests.pades import documents
from tests.pades.people import NOW, World


def _start(directory: Path, *arguments: str) -> Process:
    command = python_part("local.tsa", "--port", "0", *arguments)
    return start("tsa", command, log=directory / "tsa.log", timeout_s=30)


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    directory = tmp_path_factory.mktemp("tsa")
    process = _start(directory, "--data", str(directory / "keys"))
    yield process
    process.stop()


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as reply:
        return bytes(reply.read())


def test_signature_with_its_token_is_b_t(tsa: Process, world: World) -> None:
    signed = world.sign(documents.plain(), timestamper=HttpTimestamper(tsa.ready["url"]))
    root = _get(tsa.ready["url"] + "/ca.pem")
    report = verify(
        signed.pdf, roots=[world.root.certificate_pem()], timestamp_roots=[root], now=NOW
    )
    assert signed.level is Level.B_T
    assert report.signatures[0].intact


def test_health_and_root_are_served(tsa: Process) -> None:
    assert b"ok" in _get(tsa.ready["url"] + "/_local/health")
    assert _get(tsa.ready["url"] + "/ca.pem") == Path(tsa.ready["ca"]).read_bytes()


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/timestamp-query", b"rubbish", 400),
        ("application/timestamp-query", b"", 400),
        ("text/plain", b"", 415),
        ("application/timestamp-query", b"x" * 20_000, 413),
    ],
)
def test_rubbish_is_refused(tsa: Process, kind: str, body: bytes, status: int) -> None:
    request = urllib.request.Request(tsa.ready["url"], body, {"Content-Type": kind})
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request, timeout=5)
    with refusal.value:
        assert refusal.value.code == status


def test_keys_survive_a_restart_and_sigterm_ends_it_cleanly(tmp_path: Path) -> None:
    first = _start(tmp_path, "--data", str(tmp_path / "keys"))
    root = _get(first.ready["url"] + "/ca.pem")
    first.stop()
    assert first.popen.returncode == 0
    second = _start(tmp_path, "--data", str(tmp_path / "keys"))
    try:
        assert _get(second.ready["url"] + "/ca.pem") == root
    finally:
        second.stop()


def test_without_a_directory_keys_stay_in_memory(tmp_path: Path) -> None:
    process = _start(tmp_path)
    try:
        assert process.ready["ca"] == ""
        assert b"BEGIN CERTIFICATE" in _get(process.ready["url"] + "/ca.pem")
    finally:
        process.stop()
