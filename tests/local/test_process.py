"""Child processes: ready when they say so, failed with their last words, ended by pid."""

import os
import re
import signal
import sys
from pathlib import Path

import psutil
import pytest

from local.process import (
    PartFailed,
    Process,
    own_announcement,
    python_part,
    reached_directly,
    rotate,
    start,
)
from local.supervision.last_words import last_words
from tests.local.waiting import until

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
    log.write_text("what an earlier run said\n", encoding="utf-8")
    with pytest.raises(PartFailed, match="part did not start") as failed:
        run(code, log)
    words = str(failed.value)
    assert "earlier" not in words
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
    with pytest.raises(PartFailed, match=r"part said nothing for 2 s\..*\n\n\(nothing\)"):
        run(code, tmp_path / "part.log", timeout_s=2)
    assert not psutil.pid_exists(int(pid.read_text(encoding="utf-8")))


def test_one_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    code = f"import signal, time; signal.signal(15, signal.SIG_IGN); {READY}; time.sleep(60)"
    process = run(code, tmp_path / "part.log")
    process.stop(grace_s=0.2)
    assert process.popen.returncode == -signal.SIGKILL


def test_what_it_started_ends_with_it(tmp_path: Path) -> None:
    """A power cut spares nobody."""
    child = "import time; time.sleep(60)"
    code = (
        "import json, subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        "print('ready ' + json.dumps({'url': str(child.pid)}), flush=True); time.sleep(60)"
    )
    process = run(code, tmp_path / "part.log")
    grandchild = psutil.Process(int(process.ready["url"]))
    process.kill()
    psutil.wait_procs([grandchild], timeout=10)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE
    process.kill()


def test_only_an_end_that_was_asked_for_is_one(tmp_path: Path) -> None:
    lasting = f"{READY}; import time; time.sleep(60)"
    killed, stopped = run(lasting, tmp_path / "a.log"), run(lasting, tmp_path / "b.log")
    killed.kill()
    stopped.stop()
    assert (killed.ended, killed.asked) == (True, False)
    assert (stopped.ended, stopped.asked) == (True, True)


def test_a_log_that_grew_too_large_is_kept_once(tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    old = tmp_path / "part.log.old"
    rotate(log, largest=10)
    for text in ("0123456789", "0123456789a", "second, and long"):
        log.write_text(text, encoding="utf-8")
        rotate(log, largest=10)
    assert old.read_text(encoding="utf-8") == "second, and long"
    assert not log.exists()


def test_what_is_printed_gets_a_time(tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    run(f"print('hello'); {READY}", log).popen.wait()
    until(lambda: "hello" in log.read_text(encoding="utf-8"))
    assert re.match(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00 hello\n", log.read_text(encoding="utf-8"))


def test_last_words_are_short_and_of_their_own_files(tmp_path: Path) -> None:
    log = tmp_path / "host.log"
    assert last_words(log) == ""
    log.write_text(
        "earlier\n"
        '{"time": "2026-01-01T00:00:00Z", "level": "INFO", "event": "all is well"}\n'
        '{"level": "ERROR", "event": "lost", "function": "f", "error": "no way"}\n'
        "2026-01-01T00:00:00.000Z cannot be served\n"
        '  File "/x/site-packages/engine.py", line 4, in load\n'
        '  File "/home/me/function_app.py", line 37\n'
        "{broken\n",
        encoding="utf-8",
    )
    assert last_words(log, since=len("earlier\n")).splitlines() == [
        "lost: f: no way",
        "cannot be served",
        '  File "/home/me/function_app.py", line 37',
        "{broken",
    ]
    assert last_words(log, lines=1) == "{broken"


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no-such-program"):
        start("part", ["no-such-program"], log=tmp_path / "part.log")


def test_it_has_a_session_of_its_own(tmp_path: Path) -> None:
    """Ctrl-C in the terminal is for whoever started it."""
    process = run(f"{READY}; import time; time.sleep(60)", tmp_path / "part.log")
    assert os.getsid(process.popen.pid) != os.getsid(0)
    process.kill()
    assert process.popen.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"NO_PROXY": "example.com"}, "example.com,127.0.0.1,localhost"),
        ({"no_proxy": "localhost,x", "NO_PROXY": "y"}, "localhost,x,127.0.0.1"),
    ],
)
def test_no_proxy_stands_between_parts(env: dict[str, str], expected: str) -> None:
    assert reached_directly(env) == {"no_proxy": expected, "NO_PROXY": expected}


def test_announcements() -> None:
    assert own_announcement("hello") is None
    assert own_announcement('ready {"url": "u"}\n') == {"url": "u"}
    assert python_part("a.b", "--c")[1:] == ["-m", "a.b", "--c"]
