"""Setting up: only what is not done yet, told step by step, and refused in words that help."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local import bootstrap

HERE = Path(__file__).resolve().parents[2]
FRESH = (
    "import sys; from pathlib import Path; from local import bootstrap as b\n"
    "root = Path(sys.argv[1])\n"
    "b.ROOT, b.VENV, b.AZURITE = root, root / '.venv', root / 'azurite'\n"
)


def clone(folder: Path) -> Path:
    """What bootstrap reads of a clone, and an installed venv and Azurite."""
    for name in bootstrap.REQUIREMENTS:
        (folder / name).write_text("# nothing\n", encoding="utf-8")
    for place in (".venv/bin", "azurite/node_modules/azurite"):
        (folder / place).mkdir(parents=True)
    (folder / "azurite" / "package-lock.json").write_text("{}", encoding="utf-8")
    return folder


def run(folder: Path, code: str, path: str | None = None) -> "subprocess.CompletedProcess[str]":
    """In a process of its own, whose bootstrap believes that `folder` is the clone."""
    return subprocess.run(
        [sys.executable, "-c", FRESH + code, str(folder)],
        cwd=HERE,
        env={**os.environ, **({"PATH": path} if path is not None else {})},
        capture_output=True,
        text=True,
        check=False,
    )


STAMPED = """
wanted = b._digest([root / name for name in b.REQUIREMENTS], sys.version, b.ENGINE)
(root / '.venv' / '.installed').write_text(wanted)
b.python_in_venv().touch()
(root / 'azurite' / 'node_modules' / '.installed').write_text(
    b._digest([root / 'azurite' / 'package-lock.json']))
"""


def tools(folder: Path, *, failing: bool = False, node: str = "v20.20.2") -> str:
    """A PATH with a node, and an npm that writes down how it is called."""
    programs = folder / "programs"
    programs.mkdir()
    for name in ("node", "npm"):
        file = programs / name
        ending = "echo no network >&2; exit 7" if failing else ""
        version = f"test $1 = --version && exec echo {node}\n" if name == "node" else ""
        file.write_text(f'#!/bin/sh\n{version}echo {name} "$@" >> {folder}/called\n{ending}\n')
        file.chmod(0o755)
    return f"{programs}:/usr/bin:/bin"


def test_what_is_installed_is_not_installed_again(tmp_path: Path) -> None:
    path = tools(clone(tmp_path))
    done = run(tmp_path, f"{STAMPED}\nb.set_up()", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (tmp_path / "called").exists()


def test_a_new_lock_file_is_installed_once(tmp_path: Path) -> None:
    path = tools(clone(tmp_path))
    change = "(root / 'azurite' / 'package-lock.json').write_text('{\"other\": 1}')"
    done = run(tmp_path, f"{STAMPED}\n{change}\nb.set_up(); b.set_up()", path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Azurite ...") == 1
    called = (tmp_path / "called").read_text(encoding="utf-8").splitlines()
    assert len(called) == 1
    assert called[0].startswith("npm ci --prefix")


def test_changed_requirements_are_noticed(tmp_path: Path) -> None:
    """pip itself is not there in this venv: the step is begun, and its failure told."""
    path = tools(clone(tmp_path))
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text("#!/bin/sh\necho the index is away >&2; exit 1\n", encoding="utf-8")
    python.chmod(0o755)
    change = "(root / 'constraints.txt').write_text('x==1')"
    done = run(tmp_path, f"{STAMPED}\n{change}\nb.set_up()", path)
    assert "SetupFailed: Python packages could not be installed.\nthe index is away" in done.stderr
    stamp = (tmp_path / ".venv" / ".installed").read_text(encoding="utf-8")
    assert stamp  # still the old one: the next attempt installs again
    again = run(tmp_path, "b.set_up()", path)
    assert "could not be installed" in again.stderr


def test_a_failed_step_leaves_no_stamp(tmp_path: Path) -> None:
    path = tools(clone(tmp_path), failing=True)
    undo = "(root / 'azurite' / 'node_modules' / '.installed').unlink()"
    done = run(tmp_path, f"{STAMPED}\n{undo}\nb.set_up()", path)
    assert "SetupFailed: Azurite could not be installed.\nno network" in done.stderr
    assert not (tmp_path / "azurite" / "node_modules" / ".installed").exists()


def test_without_node_it_says_what_is_missing(tmp_path: Path) -> None:
    done = run(clone(tmp_path), "b.set_up()", str(tmp_path))
    assert "SetupFailed: Node.js 18 or newer with npm is needed" in done.stderr


@pytest.mark.parametrize("version", ["v16.20.2", "v8.0.0", "nonsense", ""])
def test_an_old_node_is_told(tmp_path: Path, version: str) -> None:
    done = run(tmp_path, "b.set_up()", tools(clone(tmp_path), node=version))
    assert "SetupFailed: Node.js 18 or newer with npm is needed" in done.stderr
    assert f"this is {version or 'none that runs'}, at {tmp_path}/programs/node" in done.stderr


def test_azurite_that_somebody_deleted_is_installed_again(tmp_path: Path) -> None:
    path = tools(clone(tmp_path))
    delete = "(root / 'azurite' / 'node_modules' / 'azurite').rmdir()"
    done = run(tmp_path, f"{STAMPED}\n{delete}\nb.set_up()", path)
    assert done.stdout.count("Azurite ...") == 1, done.stderr


def test_a_virtual_environment_without_its_python_is_made_again(tmp_path: Path) -> None:
    """As after an upgrade of the system, whose Python it was."""
    path = tools(clone(tmp_path))
    broken = "b._make_venv = lambda: b._run('again', ['false'])\nb.python_in_venv().unlink()"
    done = run(tmp_path, f"{STAMPED}\n{broken}\nb.set_up()", path)
    assert "SetupFailed: again could not be installed" in done.stderr


def test_a_clone_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tools(clone(tmp_path))
    (tmp_path / ".venv" / ".installed").mkdir()
    done = run(tmp_path, "b.python_in_venv().touch()\nb.set_up()", path)
    assert "SetupFailed: " in done.stderr
    assert f"{tmp_path}/.venv/.installed cannot be" in done.stderr


def test_an_old_python_is_told(tmp_path: Path) -> None:
    done = run(clone(tmp_path), "b.LEAST_PYTHON = (99, 0)\nb.set_up()")
    assert "SetupFailed: Python" in done.stderr


def test_it_needs_nothing_but_the_standard_library() -> None:
    code = "import sys; from local import bootstrap, __main__; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", code],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = {name.partition(".")[0] for name in done.stdout.split()}
    assert {name for name in theirs - sys.stdlib_module_names if not name.startswith("_")} == {
        "local"
    }


def test_this_is_the_virtual_environment() -> None:
    assert bootstrap.in_venv() == bootstrap.python_in_venv().samefile(sys.executable)


@pytest.mark.parametrize("name", bootstrap.REQUIREMENTS)
def test_what_is_installed_is_in_the_clone(name: str) -> None:
    assert (bootstrap.ROOT / name).is_file()
