"""What runs is noted at each change, and found again by whoever comes later."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from local.refusals import CannotStart
from local.supervision.only_one import holder, only_one
from local.supervision.orphans import end_orphans
from local.supervision.state import Ledger, alive, begun, orphans, parts_of, read

SLEEPING = "import time; print('x', flush=True); time.sleep(300)"
DEAF = f"import signal; signal.signal(15, signal.SIG_IGN); {SLEEPING}"


def sleeper(code: str = SLEEPING) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.fixture
def part() -> Generator["subprocess.Popen[bytes]"]:
    process = sleeper()
    with process:
        yield process
        process.kill()


def test_everything_is_written_from_the_first_moment(
    tmp_path: Path, part: "subprocess.Popen[bytes]"
) -> None:
    file = tmp_path / "state.json"
    moments = [datetime(2026, 1, 2, 3, 4, second, tzinfo=UTC) for second in range(9)]
    ledger = Ledger(file, iter(moments).__next__, state="starting")
    ledger.born("cosmos", "Cosmos DB", "http://x", part.pid)
    state = read(file)
    assert state is not None
    (noted,) = parts_of(state)
    assert noted == {
        "name": "cosmos",
        "title": "Cosmos DB",
        "url": "http://x",
        "pid": part.pid,
        "begun": begun(part.pid),
        "state": "starting",
        "restarts": 0,
        "since": "2026-01-02T03:04:00.000Z",
    }
    assert (state["pid"], state["pids"], state["state"]) == (
        os.getpid(),
        {"cosmos": part.pid},
        "starting",
    )


def test_states_follow_each_other(tmp_path: Path, part: "subprocess.Popen[bytes]") -> None:
    file = tmp_path / "state.json"
    ledger = Ledger(file)

    def noted() -> tuple[str, int]:
        (each,) = parts_of(read(file))
        return each["state"], each["restarts"]

    ledger.born("tsa", "T", "u", part.pid)
    ledger.ready("tsa", "u")
    assert noted() == ("running", 0)
    ledger.lost("tsa", "restarting")
    assert noted() == ("restarting", 0)
    ledger.born("tsa", "T", "u", part.pid)
    assert noted() == ("restarting", 0)
    ledger.lost("tsa", "down")
    ledger.born("tsa", "T", "u", part.pid)
    assert noted() == ("down", 0)
    ledger.ready("tsa", "u", again=True)
    assert noted() == ("running", 1)
    ledger.say(state="ending")
    assert (read(file) or {})["state"] == "ending"
    ledger.forget()
    ledger.say(state="gone")
    assert not file.exists()


def test_what_could_not_be_written_is_written_later(
    tmp_path: Path, part: "subprocess.Popen[bytes]"
) -> None:
    """As on a disk that is full for a while: nothing ends for it."""
    folder = tmp_path / "data"
    ledger = Ledger(folder / "state.json")
    ledger.born("tsa", "T", "u", part.pid)
    ledger.catch_up()
    assert read(folder / "state.json") is None
    folder.mkdir()
    ledger.catch_up()
    assert [each["name"] for each in parts_of(read(folder / "state.json"))] == ["tsa"]
    (folder / "state.json").unlink()
    ledger.catch_up()
    assert not (folder / "state.json").exists()


def test_since_is_that_of_the_state(part: "subprocess.Popen[bytes]") -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    ticks = (now + timedelta(minutes=n) for n in range(9))
    ledger = Ledger(None, lambda: next(ticks))
    ledger.born("tsa", "T", "u", part.pid)
    ledger.lost("tsa", "restarting")
    first = ledger.parts["tsa"].since
    ledger.lost("tsa", "restarting")
    assert ledger.parts["tsa"].since == first == "2026-01-01T00:01:00.000Z"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"'])
def test_a_broken_note_is_as_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "state.json"
    assert read(file) is None
    file.write_text(text, encoding="utf-8")
    assert read(file) is None


@pytest.mark.parametrize("parts", [None, {}, "x", [1], [{}], [{"name": "x", "pid": 1}]])
def test_broken_parts_are_left_out(parts: object) -> None:
    assert parts_of({"parts": parts}) == []
    assert orphans({"parts": parts}) == {}


def test_a_process_is_the_one_that_was_noted(part: "subprocess.Popen[bytes]") -> None:
    which = begun(part.pid)
    assert alive({"pid": part.pid, "begun": which})
    assert alive({"pid": part.pid, "begun": f"{which}0"}) is None
    assert alive({"pid": part.pid, "begun": ""}) is None
    for broken in (
        None,
        {},
        {"pid": "x", "begun": "1"},
        {"pid": part.pid},
        {"pid": -1, "begun": "1"},
    ):
        assert alive(broken) is None
    part.kill()  # and is a zombie, until somebody waits for it
    part.wait()
    assert alive({"pid": part.pid, "begun": which}) is None
    assert begun(part.pid) == ""


def test_a_zombie_does_not_run(part: "subprocess.Popen[bytes]") -> None:
    process = psutil.Process(part.pid)
    note = {"pid": part.pid, "begun": begun(part.pid)}
    part.send_signal(9)
    os.waitid(os.P_PID, part.pid, os.WEXITED | os.WNOWAIT)
    assert process.status() == psutil.STATUS_ZOMBIE
    assert alive(note) is None


def test_orphans_are_ended_and_nobody_else(part: "subprocess.Popen[bytes]") -> None:
    with sleeper() as mine, sleeper(DEAF) as deaf:
        ledger, told = Ledger(), list[str]()
        ledger.born("tsa", "T", "u", mine.pid)
        ledger.born("cosmos", "C", "u", deaf.pid)
        ledger.born("livekit", "L", "u", part.pid)
        ledger.parts["livekit"].begun += "0"  # the pid is somebody else's by now
        noted = [vars(each) for each in ledger.parts.values()]
        assert end_orphans({"parts": noted}, told.append, grace_s=0.5) == ["cosmos", "tsa"]
        assert told == ["Parts that a killed supervisor had left were ended: cosmos, tsa."]
        assert orphans({"parts": noted}) == {}
        assert part.poll() is None
        assert end_orphans({"parts": noted}, told.append) == []
        assert len(told) == 1


def test_what_an_orphan_had_started_ends_as_well() -> None:
    code = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {DEAF!r}], stdout=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True); time.sleep(300)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        ledger = Ledger()
        ledger.born("host", "App", "u", parent.pid)
        end_orphans({"parts": [vars(ledger.parts["host"])]}, lambda _: None)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_two_supervisors_do_not_start_at_once(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with only_one(tmp_path):
        assert holder(tmp_path) == os.getpid()
        with pytest.raises(CannotStart, match=f"by process {os.getpid()}"), only_one(tmp_path):
            pytest.fail("two at once")
        assert json.loads((tmp_path / "supervisor.lock").read_text("utf-8")) == os.getpid()
    assert holder(tmp_path) is None
    with only_one(tmp_path):
        pass
