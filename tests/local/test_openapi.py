"""The committed OpenAPI documents, and how a stale one is noticed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from local.openapi import VERSIONS, text
from local.process import ROOT

RUN = (
    "import sys; from pathlib import Path; from local import openapi\n"
    "openapi.ROOT = Path(sys.argv[1])\n"
    "sys.exit(openapi.main(sys.argv[2:]))\n"
)


def run(root: Path, arguments: Sequence[str] = ()) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", RUN, str(root), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """With documents that fit."""
    (tmp_path / "docs").mkdir()
    assert run(tmp_path).returncode == 0
    return tmp_path


def test_the_committed_documents_fit(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    done = run(tmp_path, ["--check"])
    assert (done.returncode, done.stderr) == (0, "")


def test_what_was_just_written_fits(root: Path) -> None:
    assert run(root, ["--check"]).returncode == 0
    versions = [json.loads((root / "docs" / n).read_text("utf-8"))["openapi"] for n in VERSIONS]
    assert [version[:3] for version in versions] == ["3.1", "3.0"]


@pytest.mark.parametrize("name", VERSIONS)
def test_a_stale_one_is_told_by_name_and_left_alone(root: Path, name: str) -> None:
    file = root / "docs" / name
    document = json.loads(file.read_text(encoding="utf-8"))
    document["info"]["title"] = "Yesterday"
    file.write_text(text(document), encoding="utf-8")
    done = run(root, ["--check"])
    assert done.returncode == 1
    assert done.stderr == f"Out of date: docs/{name}. Run `make openapi`.\n"
    assert "Yesterday" in file.read_text(encoding="utf-8")


def test_missing_ones_are_told(root: Path) -> None:
    for name in VERSIONS:
        (root / "docs" / name).unlink()
    done = run(root, ["--check"])
    assert (done.returncode, done.stderr.count("docs/")) == (1, 2)
