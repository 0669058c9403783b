"""The demo as a whole, with what people bring; and its words for what it cannot use."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from local.demo import story
from local.process import ROOT
from tests.demo import files

PLAY = "import sys; from local.demo.story import main; sys.exit(main(sys.argv[1:]))"
PATIENCE_S = 110


@dataclass
class Played:
    """How it ended, what it said, and what it left."""

    code: int
    said: str
    results: Path


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Generator[dict[str, Played]]:
    """Both at once: they have nothing in common, and each waits much."""
    folder = tmp_path_factory.mktemp("demo")
    pdf = folder / "My contract, final (2).pdf"
    pdf.write_bytes(files.modern_pdf(30))
    loop = files.loop(radius_m=9000, count=2500, lasting=timedelta(hours=7))
    way = files.written(folder, files.gpx(loop))
    with ExitStack() as stack:
        material = {"pdf": pdf, "track": way}
        plays = {
            name: stack.enter_context(_play(folder / name, [f"--{name}", str(file)]))
            for name, file in material.items()
        }
        yield {
            name: Played(*_end(process), folder / name / ".local" / "demo")
            for name, process in plays.items()
        }


def _play(home: Path, arguments: list[str]) -> "subprocess.Popen[str]":
    home.mkdir()
    return subprocess.Popen(
        [sys.executable, "-c", PLAY, "--without-browser", *arguments],
        cwd=ROOT,
        env={**os.environ, "LOCAL_AZURE_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def _end(process: "subprocess.Popen[str]") -> tuple[int, str]:
    try:
        said, _ = process.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.terminate()
        said, _ = process.communicate(timeout=30)
    return process.returncode, said


@pytest.mark.parametrize("name", ["pdf", "track"])
def test_the_demo_plays_with_own_material(played: dict[str, Played], name: str) -> None:
    demo = played[name]
    assert demo.code == 0, demo.said
    assert "✗" not in demo.said
    report = json.loads((demo.results / "report.json").read_text(encoding="utf-8"))
    assert demo.said.count("✓") == report["checks"] > 30
    for file in ("delivery-note-signed.pdf", "evidence.pdf", "trip-sheet.pdf"):
        assert (demo.results / file).read_bytes().startswith(b"%PDF-")


def test_all_pages_of_the_own_pdf_are_in_the_signed_one(played: dict[str, Played]) -> None:
    from pypdf import PdfReader

    signed = played["pdf"].results / "delivery-note-signed.pdf"
    reader = PdfReader(signed)
    assert len(reader.pages) >= 30
    assert "Page 30" in reader.pages[29].extract_text()


@dataclass(frozen=True)
class Bad:
    """An argument's content, and what the demo must say of it."""

    option: str
    content: bytes | None
    word: str


BAD = {
    "a missing PDF": Bad("--pdf", None, "No such file"),
    "an empty file": Bad("--pdf", b"", "does not begin as a PDF"),
    "a text": Bad("--pdf", b"Dear Sir or Madam", "does not begin as a PDF"),
    "half a PDF": Bad("--pdf", b"%PDF-1.7\n1 0 obj", "cannot be read"),
    "an encrypted PDF": Bad("--pdf", files.encrypted_pdf(), "encrypted"),
    "a missing track": Bad("--track", None, "No such file"),
    "a PDF as track": Bad("--track", b"%PDF-1.7", "not a readable GPX"),
    "a short track": Bad("--track", files.gpx(files.line(200)).encode(), "300 m are needed"),
    "an empty track": Bad("--track", files.gpx([]).encode(), "no track"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_what_cannot_be_used_is_told_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: Bad
) -> None:
    file = tmp_path / "mine"
    if bad.content is not None:
        file.write_bytes(bad.content)
    assert story.main([bad.option, str(file), "--without-browser"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("\nThe demo failed: ")
    assert str(file) in said.err
    assert bad.word in said.err
    assert said.out == ""


def test_a_folder_is_no_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert story.main(["--pdf", str(tmp_path)]) == 1
    assert "Is a directory" in capsys.readouterr().err


def test_a_pdf_that_is_signed_already(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "signed.pdf"
    file.write_bytes(files.signed_pdf())
    assert story.main(["--pdf", str(file)]) == 1
    assert "signed already" in capsys.readouterr().err


def test_unknown_options_are_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        story.main(["--loud"])
    assert ended.value.code == 2
