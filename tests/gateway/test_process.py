"""The gateway as a part of the local Azure: it says where it listens, and ends when asked."""

import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from local.process import PartFailed, python_part, start


def test_it_announces_itself_refuses_and_ends(tmp_path: Path) -> None:
    more = ("--data", str(tmp_path / "gateway"), "--faults", str(tmp_path / "none.json"))
    command = python_part("local.gateway", "--port", "0", "--upstream", "http://127.0.0.1:1", *more)
    part = start("gateway", command, log=tmp_path / "log")
    try:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{part.ready['url']}/api/health", timeout=10)
        with refused.value:
            assert refused.value.code == 503
    finally:
        part.stop()
    assert part.popen.returncode == 0
    text = (tmp_path / "log").read_text()
    assert "GET /health: 503" in text
    assert "Traceback" not in text


def test_links_for_signers_are_not_in_the_log(tmp_path: Path) -> None:
    command = python_part("local.gateway", "--port", "0", "--upstream", "http://127.0.0.1:1")
    part = start("gateway", command, log=tmp_path / "log")
    try:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{part.ready['url']}/api/v1/signing/s3cret", timeout=10)
        refused.value.close()
    finally:
        part.stop()
    text = (tmp_path / "log").read_text()
    assert "/v1/signing/{token}: 503" in text
    assert "s3cret" not in text


def test_a_taken_port_and_a_senseless_limit_are_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(PartFailed, match="address already in use"):
            start("gateway", python_part("local.gateway", "--port", port), log=tmp_path / "a")
    senseless = python_part("local.gateway", "--port", "0", "--calls-per-minute", "-1")
    with pytest.raises(PartFailed, match="calls is a whole number here, not -1"):
        start("gateway", senseless, log=tmp_path / "b")
