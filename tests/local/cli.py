"""The command line in a process of its own, with a home of its own for its data."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.process import ROOT

PATIENCE_S = 100
WITHOUT_SETUP = (
    "import sys; from local import verbs; sys.exit(verbs.run(sys.argv[1], sys.argv[2:]))"
)


@dataclass(frozen=True)
class Said:
    """How a command ended, and its words."""

    code: int
    out: str
    err: str


def typed(home: Path, *arguments: str) -> Said:
    """`python -m local` as it is typed."""
    return _run(home, ["-m", "local", *arguments], ROOT, {})


def local(
    home: Path, *arguments: str, root: Path = ROOT, env: Mapping[str, str] | None = None
) -> Said:
    """A verb, without setting up first: tests install nothing. `root` is the clone it is of."""
    return _run(home, ["-c", WITHOUT_SETUP, *arguments], root, env or {})


def _run(home: Path, arguments: list[str], root: Path, env: Mapping[str, str]) -> Said:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env={**os.environ, "LOCAL_AZURE_HOME": str(home), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)
