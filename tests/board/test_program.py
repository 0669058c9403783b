"""`python -m local.board` as the supervisor runs it."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from local.process import ROOT, Process, python_part, start


def azure_file(folder: Path, **more: object) -> Path:
    file = folder / "board.json"
    (folder / "logs").mkdir(exist_ok=True)
    known = {"urls": {}, "settings": {}, "master_key": "the-master-key", **more}
    file.write_text(json.dumps({"logs": str(folder / "logs"), **known}), encoding="utf-8")
    file.chmod(0o600)
    return file


def failed(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "local.board", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def running(folder: Path) -> Process:
    file = azure_file(folder)
    arguments = ("--port", "0", "--data", str(folder / "board"), "--azure", str(file))
    return start("board", python_part("local.board", *arguments), log=folder / "board.log")


def test_it_says_where_it_is_and_ends_when_it_is_asked_though_somebody_reads(
    tmp_path: Path,
) -> None:
    board = running(tmp_path)
    try:
        url = board.ready["url"]
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{url}/api/log/stream", timeout=10) as stream:
            assert stream.readline() == b"retry: 1000\n"
            board.popen.terminate()
            assert board.popen.wait(timeout=10) == 0
    finally:
        board.stop()
    assert (tmp_path / "board.log").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("content", "sentence"), [(None, "cannot be read"), ("{}", "`logs`"), ("{", "is not JSON")]
)
def test_it_says_in_one_sentence_why_it_does_not_start(
    tmp_path: Path, content: str | None, sentence: str
) -> None:
    file = tmp_path / "board.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    found = failed("--port", "0", "--azure", str(file))
    assert found.returncode == 1
    assert sentence in found.stderr
    assert found.stderr.count("\n") == 1
    assert found.stdout == ""


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        found = failed("--port", port, "--azure", str(azure_file(tmp_path)))
    assert found.returncode == 1
    assert port in found.stderr
    assert "Traceback" not in found.stderr
