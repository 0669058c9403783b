"""Parts that end by themselves come back, later each time; those that were asked do not."""

import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.process import Command, PartFailed, Process, launch
from local.supervision.state import Ledger
from local.supervision.watching import (
    HEALTHY_S,
    LONGEST_S,
    LOUD_AFTER,
    Backoff,
    Watcher,
    how,
    watched,
)
from tests.local.waiting import until

LASTING = 'print(\'ready {"url": "http://x"}\', flush=True); import sys, time; time.sleep(300)'
BROKEN = "import sys; sys.exit('its disk is away')"


@dataclass
class SmallAzure:
    """Parts that are small programs; what a part runs may be changed meanwhile."""

    folder: Path
    programs: dict[str, str] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    ending: bool = False

    def start_part(self, name: str) -> Process:
        again = name in self.processes
        command = Command([sys.executable, "-c", self.programs[name]])
        launched = launch(name, command, log=self.folder / f"{name}.log")
        self.processes[name] = launched.process
        self.ledger.born(name, name.title(), "http://x", launched.process.popen.pid)
        launched.wait()
        self.ledger.ready(name, "http://x", again=again)
        return launched.process


@dataclass
class Now:
    """A clock that tests move."""

    at: float = 100.0

    def __call__(self) -> float:
        return self.at


def at_once(do: Callable[[], None]) -> None:
    do()


@pytest.fixture
def azure(tmp_path: Path) -> Generator[SmallAzure]:
    azure = SmallAzure(tmp_path, {"one": LASTING, "two": LASTING})
    yield azure
    for process in azure.processes.values():
        process.kill()


def kill(process: Process) -> None:
    """As a crash would."""
    process.popen.kill()
    process.popen.wait()


def test_the_wait_doubles_up_to_its_longest() -> None:
    backoff = Backoff()
    waits = [backoff.after_end(ran_s=1.0) for _ in range(9)]
    assert waits == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10])
    assert [backoff.after_end(ran_s=0.0) for _ in range(3000)][-1] == LONGEST_S


def test_who_was_healthy_begins_anew() -> None:
    backoff = Backoff()
    for _ in range(6):
        backoff.after_end(ran_s=HEALTHY_S - 0.1)
    assert backoff.after_end(ran_s=HEALTHY_S) == pytest.approx(0.2)
    assert backoff.after_end(ran_s=0.0) == pytest.approx(0.4)


def test_a_crashed_part_comes_back_after_its_wait_and_alone(azure: SmallAzure) -> None:
    one, two = azure.start_part("one"), azure.start_part("two")
    now, told = Now(), list[str]()
    watcher = Watcher(azure, told.append, now, at_once)
    watcher.look()
    kill(one)
    watcher.look()
    record = azure.ledger.parts["one"]
    assert (record.state, azure.processes["one"]) == ("restarting", one)
    now.at += 0.19
    watcher.look()
    assert azure.processes["one"] is one
    now.at += 0.02
    watcher.look()
    assert not azure.processes["one"].ended
    record = azure.ledger.parts["one"]
    assert (record.state, record.restarts) == ("running", 1)
    assert record.pid == azure.processes["one"].popen.pid
    assert azure.processes["two"] is two
    assert told == [
        "one was ended by SIGKILL. It is started again in 0.2 s.",
        "one runs again.",
    ]


def test_one_that_crashes_again_soon_waits_longer(azure: SmallAzure) -> None:
    azure.start_part("one")
    now, told = Now(), list[str]()
    watcher = Watcher(azure, told.append, now, at_once)
    for wait in (0.2, 0.4, 0.8):
        watcher.look()
        kill(azure.processes["one"])
        watcher.look()
        assert told[-1].endswith(f"in {wait} s.")
        now.at += wait + 0.01
        watcher.look()
        assert told[-1] == "one runs again."
        now.at += 10
    assert azure.ledger.parts["one"].restarts == 3
    now.at += HEALTHY_S
    kill(azure.processes["one"])
    watcher.look()
    assert told[-1].endswith("in 0.2 s.")


def test_one_that_does_not_start_is_tried_for_ever_and_told_loudly(azure: SmallAzure) -> None:
    azure.start_part("one")
    azure.programs["one"] = BROKEN
    now, told = Now(), list[str]()
    watcher = Watcher(azure, told.append, now, at_once)
    watcher.look()
    kill(azure.processes["one"])
    watcher.look()
    for _ in range(LOUD_AFTER):
        now.at += LONGEST_S
        watcher.look()
    assert "one did not start: its disk is away. It is started again in" in told[1]
    loud = [line for line in told if line.startswith("ATTENTION")]
    assert len(loud) == 1
    assert f"one ended {LOUD_AFTER} times in a row" in loud[0]
    assert "logs one" in loud[0]
    assert azure.ledger.parts["one"].state == "down"
    azure.programs["one"] = LASTING
    now.at += LONGEST_S
    watcher.look()
    assert told[-1] == "one runs again."
    assert (azure.ledger.parts["one"].state, azure.processes["one"].ended) == ("running", False)


def test_a_part_that_was_asked_to_end_stays_ended(azure: SmallAzure) -> None:
    azure.start_part("one").stop()
    now, told = Now(), list[str]()
    watcher = Watcher(azure, told.append, now, at_once)
    for _ in range(3):
        watcher.look()
        now.at += 60
    assert told == []
    assert azure.processes["one"].ended


def test_a_first_start_that_fails_is_for_whoever_asked_for_it(azure: SmallAzure) -> None:
    azure.programs["one"] = BROKEN
    now, told = Now(), list[str]()
    watcher = Watcher(azure, told.append, now, at_once)
    with pytest.raises(PartFailed, match="its disk is away"):
        azure.start_part("one")
    for _ in range(3):
        watcher.look()
        now.at += 60
    assert told == []


def test_nothing_is_started_while_everything_ends(azure: SmallAzure) -> None:
    azure.start_part("one")
    now, told = Now(), list[str]()
    watcher = Watcher(azure, told.append, now, at_once)
    watcher.look()
    kill(azure.processes["one"])
    watcher.look()
    azure.ending = True
    now.at += 60
    watcher.look()
    assert len(told) == 1
    assert azure.processes["one"].ended


def test_what_somebody_else_started_again_is_left_to_run(azure: SmallAzure) -> None:
    azure.start_part("one")
    now, told = Now(), list[str]()
    watcher = Watcher(azure, told.append, now, at_once)
    watcher.look()
    kill(azure.processes["one"])
    watcher.look()
    theirs = azure.start_part("one")
    now.at += 60
    watcher.look()
    assert azure.processes["one"] is theirs
    assert len(told) == 1


def test_for_as_long_as_it_is_watched(azure: SmallAzure) -> None:
    """With its own clock and threads."""
    one = azure.start_part("one")
    with watched(azure):
        kill(one)
        until(lambda: azure.ledger.parts["one"].restarts == 1, "the restart")
    again = azure.processes["one"]
    assert again is not one
    kill(again)
    assert azure.processes["one"] is again


def test_ends_in_words() -> None:
    assert how(3) == "ended by itself with exit code 3"
    assert how(-15) == "was ended by SIGTERM"
    assert how(-200) == "was ended by signal 200"
