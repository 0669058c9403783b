"""The stand-in as a part of the local Azure: starts, says where it is, refuses, ends."""

import socket
import urllib.request
from pathlib import Path

import pytest

from local.process import PartFailed, python_part, start
from tests.contract.livekit.servers import environment


def test_ready_line_names_a_server_that_answers_and_sigterm_ends_it(tmp_path: Path) -> None:
    command = python_part("local.livekit", "--port", "0", "--data", str(tmp_path))
    process = start("livekit", command, log=tmp_path / "log", env=environment())
    with urllib.request.urlopen(process.ready["url"] + "/", timeout=5) as answer:
        assert answer.read() == b"OK"
    process.stop(grace_s=5)
    assert process.popen.returncode == 0


def test_busy_port_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(PartFailed, match=port):
            start(
                "livekit",
                python_part("local.livekit", "--port", port),
                log=tmp_path / "log",
                env=environment(),
            )


@pytest.mark.parametrize("secret", ["", "too short"])
def test_weak_secret_is_refused(tmp_path: Path, secret: str) -> None:
    env = {**environment(), "LIVEKIT_API_SECRET": secret}
    with pytest.raises(PartFailed, match="32 bytes"):
        start(
            "livekit",
            python_part("local.livekit", "--port", "0"),
            log=tmp_path / "log",
            env=env,
        )
