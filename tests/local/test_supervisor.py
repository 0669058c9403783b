"""Up, status, down and clean; and that nobody else's process is ever touched."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psutil
import pytest

from local.demo.client import Client
from local.ports import HERE, Ports
from tests.local.cli import local


@pytest.fixture
def foreign() -> Generator["subprocess.Popen[bytes]"]:
    """Somebody else's process."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    yield process
    process.kill()
    process.wait()


def state_file(home: Path) -> Path:
    return home / ".local" / "state.json"


def remember(home: Path, **state: Any) -> None:
    state_file(home).parent.mkdir(parents=True)
    urls = {"host": "http://127.0.0.1:9"}
    state_file(home).write_text(json.dumps({"urls": urls, **state}), encoding="utf-8")


def test_from_up_to_clean(tmp_path: Path) -> None:
    up = local(tmp_path, "up", "--free-ports")
    try:
        assert up.code == 0, up.out + up.err
        assert "CollabAzure runs." in up.out
        assert "password" in up.out
        state = json.loads(state_file(tmp_path).read_text(encoding="utf-8"))
        must_be_up(tmp_path, state["urls"]["host"])
        assert state["urls"]["host"] in up.out
    finally:
        down = local(tmp_path, "down")
    assert (down.code, down.out) == (0, "The local Azure has ended.\n")
    pids = [state["pid"], *state["pids"].values()]
    assert [pid for pid in pids if _is_ours(pid)] == []
    assert not state_file(tmp_path).exists()
    assert local(tmp_path, "status").code == 1
    assert (tmp_path / ".local" / "credentials.json").exists()
    assert local(tmp_path, "clean").code == 0
    assert list(tmp_path.iterdir()) == []


def must_be_up(home: Path, host: str) -> None:
    """It answers, and a second one is not started."""
    assert Client(host).get("health/ready")["status"] == "up"
    again = local(home, "up", "--free-ports")
    assert again.code == 0
    assert "runs already" in again.out
    assert "password" not in again.out
    status = local(home, "status")
    assert (status.code, host in status.out) == (0, True)


def _is_ours(pid: int) -> bool:
    """A pid may be given to somebody else at once."""
    try:
        return any("local." in word for word in psutil.Process(pid).cmdline())
    except psutil.Error:
        return False


@pytest.mark.parametrize("verb", ["down", "clean"])
def test_a_pid_that_is_somebody_elses_by_now_is_left_alone(
    tmp_path: Path, foreign: "subprocess.Popen[bytes]", verb: str
) -> None:
    started = psutil.Process(foreign.pid).create_time()
    remember(tmp_path, pid=foreign.pid, started=started - 60)
    said = local(tmp_path, verb)
    assert said.code == 0
    assert "does not run" in said.out
    assert foreign.poll() is None
    assert local(tmp_path, "status").code == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"pid": "x", "started": 1}',
        '{"pid": 1}',
        '{"pid": -5, "started": 1}',
    ],
)
def test_a_broken_note_is_as_none(tmp_path: Path, content: str) -> None:
    state_file(tmp_path).parent.mkdir()
    state_file(tmp_path).write_text(content, encoding="utf-8")
    assert local(tmp_path, "down").out == "The local Azure does not run.\n"
    assert local(tmp_path, "status").code == 1


def test_a_dead_pid_is_not_running(tmp_path: Path, foreign: "subprocess.Popen[bytes]") -> None:
    remember(tmp_path, pid=foreign.pid, started=psutil.Process(foreign.pid).create_time())
    foreign.kill()
    foreign.wait()
    assert local(tmp_path, "down").out == "The local Azure does not run.\n"


def test_a_taken_port_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    """On the usual ports, of which one at least is somebody's."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind((HERE, Ports().host))
            other.listen()
        except OSError:
            pass  # somebody has it already, which serves as well
        before = time.time()
        said = local(tmp_path, "up")
    assert said.code == 1
    assert f"{Ports().host} (host)" in said.out
    assert "--free-ports" in said.out
    assert not state_file(tmp_path).exists()
    ours = str(tmp_path)
    left = [
        process.pid
        for process in psutil.process_iter(["cmdline", "create_time"])
        if process.info["create_time"] >= before and ours in " ".join(process.info["cmdline"] or ())
    ]
    assert left == []


def test_clean_leaves_what_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    (tmp_path / ".local").mkdir()
    (tmp_path / ".ruff_cache").mkdir()
    assert local(tmp_path, "clean").code == 0
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]
