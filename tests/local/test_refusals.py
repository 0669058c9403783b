"""What people can break: told in a sentence with the remedy, no traceback, and nothing is left."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from local.ports import HERE, Ports
from local.process import ROOT
from local.supervision.controls import GRACE_S
from tests.local.cli import WITHOUT_SETUP, Said, local
from tests.local.clones import clone


def left_of(home: Path) -> list[int]:
    """Processes that were started for this folder."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and str(home / ".local") in " ".join(process.info["cmdline"] or ())
    ]


def refused(said: Said, home: Path) -> str:
    """Its words, if it was refused as it should be."""
    words = said.out + said.err
    assert said.code == 1, words
    assert "Traceback" not in words
    assert not (home / ".local" / "state.json").exists()
    assert left_of(home) == []
    return words


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """On the usual ports, of which one at least is somebody's."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind((HERE, Ports().host))
            other.listen()
        except OSError:
            pass  # somebody has it already, which serves as well
        words = refused(local(tmp_path, "up"), tmp_path)
    assert f"Port {Ports().host} (host) is in use by `" in words
    assert "--free-ports" in words


@pytest.mark.parametrize("verb", ["up", "run"])
def test_broken_keys_are_told(tmp_path: Path, verb: str) -> None:
    file = tmp_path / ".local" / "credentials.json"
    file.parent.mkdir()
    file.write_text("{", encoding="utf-8")
    words = refused(local(tmp_path, verb, "--free-ports"), tmp_path)
    assert words.strip().startswith(f"{file} cannot be used: it is not JSON")
    assert "Delete that file" in words
    keys = local(tmp_path, "keys")
    assert (keys.code, keys.out) == (1, "")
    assert keys.err.startswith(f"{file} cannot be used")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("a file", encoding="utf-8")
    words = refused(local(tmp_path, "up", "--free-ports"), tmp_path)
    assert words.strip().startswith(f"{tmp_path}/.local cannot be written: ")


def test_a_broken_plan_is_told(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"everywhere": 5}', encoding="utf-8")
    words = refused(local(tmp_path, "up", "--free-ports", "--faults", str(plan)), tmp_path)
    assert words.strip().startswith(f"The plan {plan}: ")
    assert words.strip().endswith("Nothing was started.")


def test_a_syntax_error_is_told_in_the_hosts_words(tmp_path: Path) -> None:
    root = clone(tmp_path / "clone")
    with (root / "function_app.py").open("a", encoding="utf-8") as app:
        app.write("\ndef broken(:\n")
    words = refused(local(tmp_path, "up", "--free-ports", root=root), tmp_path)
    assert "host did not start." in words
    assert "SyntaxError: invalid syntax (function_app.py, line" in words
    assert "site-packages" not in words
    assert len(words.partition("did not start")[2].splitlines()) <= 10


def test_a_broken_host_json_is_told_in_the_hosts_words(tmp_path: Path) -> None:
    root = clone(tmp_path / "clone")
    (root / "host.json").write_text("{", encoding="utf-8")
    words = refused(local(tmp_path, "up", "--free-ports", root=root), tmp_path)
    assert f"{root}/host.json cannot be used: " in words


def test_without_azurite_or_node_it_says_what_brings_them(tmp_path: Path) -> None:
    root = clone(tmp_path / "clone")
    (root / "azurite").unlink()
    words = refused(local(tmp_path, "up", "--free-ports", root=root), tmp_path)
    assert "Azurite is not installed" in words
    assert "`python3 -m local setup`" in words
    (root / "azurite").symlink_to(ROOT / "azurite")
    nothing = {"PATH": str(tmp_path)}
    words = refused(local(tmp_path, "up", "--free-ports", root=root, env=nothing), tmp_path)
    assert "needs node, which is not there." in words


def foreground(home: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WITHOUT_SETUP, "run", "--free-ports"],
        cwd=ROOT,
        env={**os.environ, "LOCAL_AZURE_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_ctrl_c_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    with foreground(tmp_path) as process:
        assert process.stdout is not None
        assert " at " in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
    assert process.returncode == 130
    assert said.endswith("Ended before everything ran; nothing is left.\n")
    assert left_of(tmp_path) == []


def test_in_the_foreground_it_says_what_happens_until_it_is_ended(tmp_path: Path) -> None:
    """By `down`, which does not wait for somebody to collect what is left of a process."""
    with foreground(tmp_path) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "make open" in line:
                break
        cosmos = next(pid for pid in left_of(tmp_path) if "local.cosmos" in words(pid))
        psutil.Process(cosmos).kill()
        assert process.stdout.readline().startswith("  cosmos was ended by SIGKILL.")
        assert process.stdout.readline() == "  cosmos runs again.\n"
        began = time.monotonic()
        assert local(tmp_path, "down").out == "The local Azure has ended.\n"
        assert time.monotonic() - began < GRACE_S / 2
        assert psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE
        assert process.stdout.read() == "  The local Azure has ended.\n"
    assert process.returncode == 0
    assert left_of(tmp_path) == []


def words(pid: int) -> str:
    return " ".join(psutil.Process(pid).cmdline())
