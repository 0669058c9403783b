"""Child processes: ready when they say so, failed with their last words, ended by pid."""

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from local.process import PartFailed, Process, own_announcement, python_part, start

READY = 'print(\'ready {"url": "http://x"}\', flush=True)'


def run(code: str, log: Path, timeout_s: float = 30, **env: str) -> Process:
    return start("part", [sys.executable, "-c", code], log=log, env=env, timeout_s=timeout_s)


def test_it_is_ready_when_it_says_so(tmp_path: Path) -> None:
    log = tmp_path / "deep" / "part.log"
    code = f"import os, sys; print('before'); {READY}; print(os.environ['A']); sys.stdin.read()"
    process = run(f"{code}; import time; time.sleep(60)", log, A="given")
    assert process.ready == {"url": "http://x"}
    process.stop()
    assert process.popen.returncode == -signal.SIGTERM
    process.stop()
    said = log.read_text(encoding="utf-8")
    assert "before" in said
    assert "ready" not in said


def test_a_failure_carries_the_last_words(tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    code = (
        "import sys; [print(f'line {n}', file=sys.stderr) for n in range(40)]; sys.exit('no way')"
    )
    with pytest.raises(PartFailed, match="part did not start") as failed:
        run(code, log)
    words = str(failed.value)
    assert words.endswith("no way")
    assert "line 39" in words
    assert "line 20" not in words
    assert str(log) in words


def test_silence_is_a_failure_and_leaves_nothing_behind(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    code = (
        "import os, pathlib, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(60)"
    )
    with pytest.raises(PartFailed):
        run(code, tmp_path / "part.log", timeout_s=2)
    assert not psutil.pid_exists(int(pid.read_text(encoding="utf-8")))


def test_one_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    code = f"import signal, time; signal.signal(15, signal.SIG_IGN); {READY}; time.sleep(60)"
    process = run(code, tmp_path / "part.log")
    process.stop(grace_s=0.2)
    assert process.popen.returncode == -signal.SIGKILL


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no-such-program"):
        start("part", ["no-such-program"], log=tmp_path / "part.log")


def test_it_has_a_session_of_its_own(tmp_path: Path) -> None:
    """Ctrl-C in the terminal is for whoever started it."""
    process = run(f"{READY}; import time; time.sleep(60)", tmp_path / "part.log")
    assert os.getsid(process.popen.pid) != os.getsid(0)
    process.kill()
    assert process.popen.returncode == -signal.SIGKILL


def test_announcements() -> None:
    assert own_announcement("hello") is None
    assert own_announcement('ready {"url": "u"}\n') == {"url": "u"}
    assert python_part("a.b", "--c")[1:] == ["-m", "a.b", "--c"]
