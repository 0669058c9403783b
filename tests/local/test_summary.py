"""What the terminal shows: every address, and the first password once."""

import subprocess
from pathlib import Path

import pytest

from local.azure import LocalAzure
from local.ports import Ports
from local.process import Process
from local.setting_up import Administrator
from local.summary import NAMES, board, progress, remembered


@pytest.fixture
def azure(tmp_path: Path) -> LocalAzure:
    """As if it ran."""
    ended = subprocess.Popen(["true"], text=True)
    ended.wait()
    azure = LocalAzure(tmp_path, Ports())
    for number, name in enumerate(NAMES):
        azure.processes[name] = Process(name, ended, {"url": f"http://127.0.0.1:{6000 + number}"})
    azure.processes["servicebus"].ready["admin"] = "http://127.0.0.1:6099"
    return azure


def test_the_board_shows_every_address(azure: LocalAzure) -> None:
    shown = board(azure, None)
    for name, title in NAMES.items():
        assert f"{title:30}{azure.processes[name].ready['url']}" in shown
    assert "http://127.0.0.1:7071/api/docs" in shown
    assert str(azure.data / "logs") in shown
    assert "password" not in shown


def test_the_first_password_is_shown(azure: LocalAzure) -> None:
    shown = board(azure, Administrator("a@example.com", "once-only"))
    assert "a@example.com" in shown
    assert shown.count("once-only") == 1


def test_no_key_is_shown(azure: LocalAzure) -> None:
    shown = board(azure, Administrator("a@example.com", "once-only"))
    keys = vars(azure.keys).values()
    assert [key for key in keys if key in shown] == []


def test_status_shows_what_was_noted() -> None:
    shown = remembered({"pid": 42, "urls": {"host": "http://h", "tsa": "http://t"}})
    assert "pid 42" in shown
    assert f"{NAMES['host']:30}http://h" in shown
    assert "http://h/api/docs" in shown
    assert NAMES["cosmos"] not in shown


def test_progress_is_indented(capsys: pytest.CaptureFixture[str]) -> None:
    progress("cosmos at x")
    assert capsys.readouterr().out == "  cosmos at x\n"
