"""Each wall of pyproject.toml, broken on purpose in a copy of the tree, is noticed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
BREACHES = {
    "a room without a name": (
        "functions/trips/helpers.py",
        "",
        "Every file of a capability is in a known room",
    ),
    "a room that looks up": (
        "functions/trips/service.py",
        "import functions.trips.api",
        "rooms look only downwards",
    ),
    "a capability that knows another": (
        "functions/geofencing/service.py",
        "import functions.trips.domain",
        "Capabilities do not know each other",
    ),
    "shared code that knows a capability": (
        "shared/errors.py",
        "import functions.trips.domain",
        "Shared code knows no capability",
    ),
    "a use case that knows Azure": (
        "functions/trips/service.py",
        "import azure.cosmos",
        "Decisions and use cases do not know Azure",
    ),
    "a contract that knows how things are kept": (
        "shared/contracts/trips.py",
        "import shared.records.document",
        "Contracts know nothing but pydantic",
    ),
    "an edge that reaches for a client": (
        "functions/trips/api.py",
        "import shared.platform.clients",
        "Only wiring and messaging reach for the Azure clients",
    ),
    "a product that knows its emulators": (
        "shared/provided.py",
        "import local.process",
        "The product knows neither the local Azure nor the tests",
    ),
    "signing that knows the app": (
        "shared/pades/errors.py",
        "import shared.records.document",
        "Signing PDFs knows nothing of the app",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("house")
    ignored = shutil.ignore_patterns("node_modules", "__pycache__")
    for folder in ("functions", "shared", "local"):
        shutil.copytree(ROOT / folder, where / folder, ignore=ignored)
    (where / "tests").mkdir()
    (where / "tests" / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", where)
    return where


def lint(where: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=where,
        env={"PYTHONPATH": str(where), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, " ".join(done.stdout.split())


def test_the_house_as_it_is_stands(copy: Path) -> None:
    code, said = lint(copy)
    assert code == 0, said


@pytest.mark.parametrize(("path", "line", "wall"), BREACHES.values(), ids=BREACHES.keys())
def test_a_breach_is_noticed(copy: Path, path: str, line: str, wall: str) -> None:
    file = copy / path
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        code, said = lint(copy)
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before, encoding="utf-8")
    assert code != 0
    broken = [part for part in said.split(" BROKEN") if wall in part]
    assert broken, said
