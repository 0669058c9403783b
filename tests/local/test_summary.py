"""What the terminal shows: what people want first, narrow, and the first password once."""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local.azure import LocalAzure
from local.parts import TITLES
from local.ports import Ports
from local.process import Process
from local.setting_up import Administrator
from local.supervision.summary import board, progress, remembered

NOW = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def azure(tmp_path: Path) -> LocalAzure:
    """As if it ran."""
    ended = subprocess.Popen(["true"], text=True)
    ended.wait()
    azure = LocalAzure(tmp_path, Ports())
    for number, name in enumerate(TITLES):
        azure.processes[name] = Process(name, ended, {"url": f"http://127.0.0.1:{60000 + number}"})
    return azure


def part(name: str, **more: Any) -> dict[str, Any]:
    usual = {"state": "running", "restarts": 0, "since": "2026-01-02T11:59:18.000Z"}
    return {"name": name, "title": TITLES[name], "url": "http://127.0.0.1:60000", **usual, **more}


def test_every_address_is_shown_and_the_board_first(azure: LocalAzure) -> None:
    shown = board(azure, None, seconds=2.34)
    for process in azure.processes.values():
        assert process.ready["url"] in shown
    lines = [line for line in shown.splitlines() if line.strip()]
    assert lines[0] == "CollabAzure runs. It took 2.3 s."
    assert [line.split()[0] for line in lines[1:5]] == ["Board", "App", "API", "Sent"]
    assert f"{azure.processes['gateway'].ready['url']}/api" in shown
    assert "password" not in shown


def test_what_does_not_run_is_not_shown(azure: LocalAzure) -> None:
    for name in ("board", "gateway", "blobproxy"):
        del azure.processes[name]
    shown = board(azure, None)
    assert "CollabAzure runs.\n" in shown
    assert not re.search("Board|gateway|None|faults", shown)


def test_faults_are_shown_since_they_are_easily_forgotten(azure: LocalAzure) -> None:
    azure.faults = Path("/plans/storm.json")
    assert "  Faults              /plans/storm.json\n" in board(azure, None)


def test_the_first_password_is_shown(azure: LocalAzure) -> None:
    shown = board(azure, Administrator("a@example.com", "once-only"))
    assert "a@example.com" in shown
    assert shown.count("once-only") == 1


def test_no_key_is_shown(azure: LocalAzure) -> None:
    shown = board(azure, Administrator("a@example.com", "once-only"))
    keys = vars(azure.keys).values()
    assert [key for key in keys if key in shown] == []


def test_it_fits_into_eighty_columns(azure: LocalAzure) -> None:
    shown = board(azure, Administrator("administrator@example.com", "x" * 24), seconds=2)
    state = {
        "pid": 4194304,
        "state": "degraded",
        "app": "http://127.0.0.1:60000",
        "parts": [part(name, state="restarting", restarts=12) for name in TITLES],
    }
    lines = [*shown.splitlines(), *remembered(state, NOW).splitlines()]
    assert max(len(line) for line in lines) <= 80


def test_colours_are_for_terminals_alone(azure: LocalAzure) -> None:
    plain, coloured = board(azure, None), board(azure, None, colours=True)
    assert "\x1b" not in plain
    assert "\x1b[36mhttp://" in coloured
    assert re.sub("\x1b\\[\\d+m", "", coloured) == plain


def test_status_shows_each_part_and_since_when() -> None:
    parts = [
        part("host"),
        part("cosmos", state="restarting", restarts=1, since="2026-01-02T11:00:00Z"),
        part("tsa", state="down", restarts=7, since="2026-01-02T11:57:00Z"),
        part("livekit", since="2025-12-30T11:00:00Z"),
    ]
    state = {"pid": 42, "state": "degraded", "app": "http://h", "parts": parts}
    assert remembered(state, NOW) == (
        "The local Azure does not run whole (pid 42).\n\n"
        "  App                 running       42 s  http://127.0.0.1:60000\n"
        "  Cosmos DB           restarting     1 h  http://127.0.0.1:60000\n"
        "                      restarted once\n"
        "  Timestamps          down         3 min  http://127.0.0.1:60000\n"
        "                      restarted 7 times\n"
        "                      `python3 -m local logs tsa` shows why\n"
        "  LiveKit             running        3 d  http://127.0.0.1:60000\n\n"
        "  API documentation   http://h/api/docs"
    )
    coloured = remembered(state, NOW, colours=True)
    assert [
        word
        for word in ("\x1b[32mrunning", "\x1b[33mrestarting", "\x1b[31mdown")
        if word in coloured
    ] == ["\x1b[32mrunning", "\x1b[33mrestarting", "\x1b[31mdown"]


def test_progress_is_indented(capsys: pytest.CaptureFixture[str]) -> None:
    progress("cosmos at x")
    assert capsys.readouterr().out == "  cosmos at x\n"
