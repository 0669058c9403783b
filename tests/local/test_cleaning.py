"""`clean` asks first, and deletes only what is ours."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from local.process import ROOT
from tests.local.cli import WITHOUT_SETUP, local


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """With data, a cache and something of the user's own."""
    (tmp_path / ".local" / "cosmos").mkdir(parents=True)
    (tmp_path / ".ruff_cache").mkdir()
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    return tmp_path


def left(home: Path) -> list[str]:
    return sorted(each.name for each in home.iterdir())


ALL = [".local", ".ruff_cache", "mine.txt"]


def test_what_is_not_ours_is_left(home: Path) -> None:
    said = local(home, "clean", "--yes")
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith("Its data is deleted.\n")
    assert left(home) == ["mine.txt"]


def test_where_nobody_can_be_asked_nothing_is_deleted(home: Path) -> None:
    said = local(home, "clean")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Nothing was deleted: nobody can be asked here. `--yes`")
    assert left(home) == ALL


def test_without_data_there_is_nothing_to_ask(home: Path) -> None:
    (home / ".local" / "cosmos").rmdir()
    (home / ".local").rmdir()
    assert local(home, "clean").code == 0
    assert left(home) == ["mine.txt"]


@pytest.mark.parametrize(
    ("answer", "code", "remains"),
    [("y\n", 0, ["mine.txt"]), ("YES\n", 0, ["mine.txt"]), ("\n", 1, ALL), ("no\n", 1, ALL)],
)
def test_somebody_at_a_terminal_is_asked(
    home: Path, answer: str, code: int, remains: list[str]
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", WITHOUT_SETUP, "clean"],
        cwd=ROOT,
        env={**os.environ, "LOCAL_AZURE_HOME": str(home)},
        stdin=theirs,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        os.write(ours, answer.encode())
        said, _ = process.communicate()
    os.close(ours)
    os.close(theirs)
    assert said.startswith(f"Delete the data in {home / '.local'}? [y/N] ")
    assert (process.returncode, left(home)) == (code, remains)
    assert ("Nothing was deleted." in said) is bool(code)
