"""Verbs: all known, helped with, and refused when unknown."""

import re
from pathlib import Path

import pytest

from local import verbs
from local.__main__ import VERBS, WITH_TOOLS, WITHOUT_SETUP, main
from local.process import ROOT
from tests.local.cli import local, typed


def test_every_verb_does_something() -> None:
    assert set(verbs.TABLE) == set(VERBS)
    assert set(VERBS) >= WITH_TOOLS | WITHOUT_SETUP


def test_the_makefile_has_the_same_verbs() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    listed = re.search(r"^VERBS := (.*)$", text, re.MULTILINE)
    assert listed
    assert set(listed[1].split()) == set(VERBS)
    targets = set(re.findall(r"^([a-z]+):.*?##", text, re.MULTILINE))
    assert set(VERBS) <= targets


@pytest.mark.parametrize("arguments", [[], ["fly"], ["--fly"], [""]])
def test_an_unknown_verb_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m local" in capsys.readouterr().err


def test_help_names_every_verb(tmp_path: Path) -> None:
    said = typed(tmp_path, "--help")
    assert (said.code, said.err) == (0, "")
    for verb, text in VERBS.items():
        assert re.search(rf"^  {verb} +{re.escape(text)}$", said.out, re.MULTILINE)


@pytest.mark.parametrize(("verb", "code"), [("status", 1), ("down", 0)])
def test_some_verbs_need_no_setup(tmp_path: Path, verb: str, code: int) -> None:
    said = typed(tmp_path, verb)
    assert (said.code, said.err) == (code, "")
    assert said.out.startswith("The local Azure does not run.")


def test_when_all_is_there_setup_says_so(tmp_path: Path) -> None:
    assert local(tmp_path, "setup").out == "Everything is there.\n"


@pytest.mark.parametrize("verb", ["up", "run"])
def test_an_unknown_option_starts_nothing(tmp_path: Path, verb: str) -> None:
    said = local(tmp_path, verb, "--fast")
    assert said.code == 2
    assert "--free-ports" in said.err
    assert list(tmp_path.iterdir()) == []


def test_options_are_parsed() -> None:
    assert verbs._free_ports("up", ["--free-ports"])
    assert not verbs._free_ports("up", [])
