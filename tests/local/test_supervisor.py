"""Supervisors that were killed, notes that are broken: what was left is found, and only that."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from local.process import ROOT
from local.supervision.state import begun
from tests.local.cli import local
from tests.local.started import Up, kill, lives, state_file


@pytest.fixture
def foreign() -> Generator["subprocess.Popen[bytes]"]:
    """Somebody else's process."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    yield process
    process.kill()
    process.wait()


def remember(home: Path, **state: Any) -> None:
    state_file(home).parent.mkdir(parents=True)
    urls = {"host": "http://127.0.0.1:9"}
    state_file(home).write_text(json.dumps({"urls": urls, **state}), encoding="utf-8")


def test_whoever_comes_next_ends_what_a_killed_supervisor_left(tmp_path: Path) -> None:
    """Twice: the first time `up` comes next, the second time `down`."""
    started = Up(tmp_path, local(tmp_path, "up", "--free-ports"))
    try:
        assert started.said.code == 0, started.said.out
        first = orphaned(started)
        again = local(tmp_path, "up", "--free-ports")
        assert again.code == 0, again.out
        assert "Parts that a killed supervisor had left were ended: azurite, board," in again.out
        assert "password" not in again.out
        assert [pid for pid in first if lives(pid)] == []
        second = orphaned(started)
    finally:
        down = local(tmp_path, "down")
    assert (down.code, down.err) == (0, "")
    assert down.out.endswith("The local Azure has ended.\n")
    assert [pid for pid in second if lives(pid)] == []
    must_be_empty(tmp_path)


def orphaned(up: Up) -> list[int]:
    """The parts that its supervisor leaves when it is killed."""
    state = up.state
    kill(state["pid"])
    status = local(up.home, "status")
    assert status.code == 1
    assert "Its supervisor was killed." in status.out
    pids = list(state["pids"].values())
    assert [part["pid"] in pids for part in up.status()["parts"]] == [True] * len(pids)
    return pids


def must_be_empty(home: Path) -> None:
    """Once its data are deleted; until then they stay."""
    assert not state_file(home).exists()
    assert local(home, "status").out.startswith("The local Azure does not run.")
    assert (home / ".local" / "credentials.json").exists()
    assert local(home, "clean", "--yes").code == 0
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("verb", ["down", "clean"])
def test_a_pid_that_is_somebody_elses_by_now_is_left_alone(
    tmp_path: Path, foreign: "subprocess.Popen[bytes]", verb: str
) -> None:
    begins = f"{begun(foreign.pid)}0"
    part = {
        **dict.fromkeys(("name", "title", "url", "since"), "x"),
        "pid": foreign.pid,
        "begun": begins,
        "state": "running",
        "restarts": 0,
    }
    remember(tmp_path, pid=foreign.pid, begun=begins, parts=[part])
    assert local(tmp_path, "status").code == 1
    said = local(tmp_path, verb, *(["--yes"] if verb == "clean" else []))
    assert said.code == 0
    assert "does not run" in said.out
    assert foreign.poll() is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"pid": "x", "begun": "1"}',
        '{"pid": 1}',
        '{"pid": -5, "begun": "1"}',
        '{"pid": -5, "parts": [{"name": 3}]}',
    ],
)
def test_a_broken_note_is_as_none(tmp_path: Path, content: str) -> None:
    state_file(tmp_path).parent.mkdir()
    state_file(tmp_path).write_text(content, encoding="utf-8")
    status = local(tmp_path, "status", "--json")
    assert (status.code, json.loads(status.out)["pid"]) == (1, None)
    assert local(tmp_path, "down").out == "The local Azure does not run.\n"


def test_a_dead_pid_is_not_running(tmp_path: Path, foreign: "subprocess.Popen[bytes]") -> None:
    remember(tmp_path, pid=foreign.pid, begun=begun(foreign.pid))
    foreign.kill()
    foreign.wait()
    assert local(tmp_path, "down").out == "The local Azure does not run.\n"
    assert not state_file(tmp_path).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_one_of_another_user_is_left_to_them(foreign: "subprocess.Popen[bytes]") -> None:
    home = Path(mkdtemp())
    remember(home, pid=foreign.pid, begun=begun(foreign.pid))
    for folder in (home, home / ".local"):
        folder.chmod(0o755)
    code = (
        "import os, sys; from local.supervision import controls; "
        "os.setuid(65534); sys.exit(controls.down())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "LOCAL_AZURE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == f"Process {foreign.pid} belongs to root, who may end it.\n"
    assert foreign.poll() is None
    shutil.rmtree(home)
