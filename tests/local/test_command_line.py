"""Verbs: all known, helped with, and refused when unknown."""

import ast
import re
import shutil
import subprocess
import sys
import venv
from dataclasses import replace
from pathlib import Path

import pytest

from local import verbs
from local.__main__ import VERBS, WITH_TOOLS, WITHOUT_SETUP, main
from local.process import ROOT
from local.supervision.options import chosen
from tests.local.cli import local, typed

FRESH = (
    "import sys; sys.path.insert(0, sys.argv[1])\n"
    "from local.__main__ import main; sys.exit(main(sys.argv[2:]))"
)


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


@pytest.mark.parametrize(
    ("verb", "code", "said"),
    [
        ("status", 1, "The local Azure does not run. `python3 -m local up` starts it."),
        ("down", 0, "The local Azure does not run."),
        ("logs", 1, "No logs are in"),
        ("keys", 1, "There are no keys yet."),
        ("open", 1, "The local Azure does not run."),
        ("clean", 0, "The local Azure does not run."),
    ],
)
def test_some_verbs_need_no_setup(tmp_path: Path, verb: str, code: int, said: str) -> None:
    answered = typed(tmp_path, verb)
    assert (answered.code, (answered.out + answered.err).startswith(said)) == (code, True)
    assert "Python packages" not in answered.out
    assert verb in WITHOUT_SETUP


@pytest.mark.parametrize("verb", sorted(WITHOUT_SETUP))
def test_without_a_virtual_environment_nothing_is_installed_for_them(
    tmp_path: Path, verb: str
) -> None:
    """As in a fresh clone, on a Python that has nothing but its library."""
    shutil.copytree(
        ROOT / "local", tmp_path / "local", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / ".local").mkdir()
    options = ["--yes"] if verb == "clean" else []
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", FRESH, str(tmp_path), verb, *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == (0 if verb in {"down", "clean"} else 1)
    assert done.stdout.startswith(
        "Its data is deleted." if verb == "clean" else "Nothing is set up"
    )
    assert not (tmp_path / ".venv").exists()
    assert (tmp_path / ".local").exists() == (verb != "clean")


def test_a_set_up_that_was_interrupted_is_as_none(tmp_path: Path) -> None:
    """The virtual environment is there, and nothing in it."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "local", tmp_path / "local", ignore=ignored)
    venv.create(tmp_path / ".venv", with_pip=False)
    done = subprocess.run(
        [tmp_path / ".venv" / "bin" / "python", "-m", "local", "status"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("Nothing is set up here")


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 9), (3, 10, 14)])
def test_an_old_python_is_told_before_anything_else(version: tuple[int, int, int]) -> None:
    text = (ROOT / "local" / "__init__.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 4))  # the oldest that can be asked for
    assert "f'" not in text
    assert 'f"' not in text
    code = f"import sys; sys.version_info = {version}; import local; print('went on')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        f"Python 3.11 or newer is needed; this is Python {version[0]}.{version[1]}, at"
    )
    assert "make up PYTHON=" in done.stderr


def test_when_all_is_there_setup_says_so(tmp_path: Path) -> None:
    assert local(tmp_path, "setup").out == "Everything is there.\n"


@pytest.mark.parametrize("verb", ["up", "run"])
def test_an_unknown_option_starts_nothing(tmp_path: Path, verb: str) -> None:
    said = local(tmp_path, verb, "--fast")
    assert said.code == 2
    assert "--free-ports" in said.err
    assert list(tmp_path.iterdir()) == []


def test_options_are_parsed_and_handed_on(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    asked = chosen("up", ["--free-ports", "--reload", "--faults", str(plan)])
    assert (asked.free, asked.reload, asked.faults, asked.detached) == (True, True, plan, False)
    assert chosen("up", asked.words()) == asked
    assert chosen("run", []).words() == []
    whole = replace(asked, detached=True, colours=True)
    assert chosen("up", whole.words()) == whole


def test_a_plan_is_found_from_where_it_was_typed(tmp_path: Path) -> None:
    """Parts run elsewhere."""
    asked = chosen("up", ["--faults", "plan.json"])
    assert asked.faults == Path.cwd() / "plan.json"


@pytest.mark.parametrize("verb", ["up", "run", "down", "status", "logs", "keys", "open", "clean"])
def test_each_verb_explains_itself(tmp_path: Path, verb: str) -> None:
    said = local(tmp_path, verb, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: python -m local {verb}")
    assert "SUPPRESS" not in said.out
    assert "--detached" not in said.out
