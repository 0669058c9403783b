"""Colours only where somebody sees them and did not refuse them."""

import os
import pty
import subprocess
import sys
from collections.abc import Mapping

import pytest

from local.process import ROOT
from local.supervision.terminal import has_colours, painted

ASK = "from local.supervision.terminal import has_colours; print(has_colours())"


def asked_at_a_terminal(env: Mapping[str, str]) -> str:
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}}
    subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env={**plain, **env}, stdout=theirs, check=True
    )
    os.close(theirs)
    said = os.read(ours, 100).decode().strip()
    os.close(ours)
    return said


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"TERM": "xterm"}, "True"),
        ({"TERM": "xterm", "NO_COLOR": ""}, "True"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "False"),
        ({"TERM": "dumb"}, "False"),
    ],
)
def test_at_a_terminal(env: dict[str, str], expected: str) -> None:
    assert asked_at_a_terminal(env) == expected


def test_a_pipe_has_none() -> None:
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        assert not has_colours(nowhere)
    assert painted("x", "red", on=False) == "x"
    assert painted("x", "red", on=True) == "\x1b[31mx\x1b[0m"
