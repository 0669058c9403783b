"""Loading the app: quick, light, and ours."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_MS = 200
MOST_MB = 60
HEAVY = (
    "azure.cosmos",
    "azure.identity",
    "azure.servicebus",
    "azure.storage",
    "azure.communication",
    "argon2",
    "endesive",
    "livekit",
    "phonenumbers",
    "pyhanko",
    "pypdf",
    "pypdfium2",
    "reportlab",
    "shapely",
)
LOAD = """
import json, sys, time
began = time.process_time()
import {imported}
ms = (time.process_time() - began) * 1000
modules = sorted(sys.modules)
import psutil
print(json.dumps({{
    "ms": ms,
    "mb": psutil.Process().memory_info().rss / 1024**2,
    "modules": modules,
    "files": [getattr(sys.modules.get(name), "__file__", "") for name in ("functions", "shared")],
}}))
"""
APP = "function_app, functions, shared"
LIBRARIES = "azure.functions, pydantic"
OVER_LIBRARIES = 2.2  # what 200 ms are here: on a slower machine both take longer
RUNS = 12


@dataclass(frozen=True)
class Loaded:
    """What one fresh process found: processor time, resident memory, modules, where ours are."""

    ms: float
    mb: float
    modules: list[str]
    files: list[str]


def loaded(imported: str, bytecode: Path) -> Loaded:
    """The app is last on the path, as the host has it."""
    code = f"import sys; sys.path = [p for p in sys.path if p]; sys.path.append({str(ROOT)!r})\n"
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code + LOAD.format(imported=imported)],
        env={**kept, "PYTHONPYCACHEPREFIX": str(bytecode)},
        capture_output=True,
        text=True,
        check=True,
    )
    return Loaded(**json.loads(done.stdout))


@pytest.fixture(scope="module")
def best(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, Loaded]:
    """The app, and the two libraries that it cannot be without, each the best of several.

    Bytecode is warm. The best: what the code costs, not what else the machine does.
    """
    bytecode = tmp_path_factory.mktemp("bytecode")
    runs = [(loaded(APP, bytecode), loaded(LIBRARIES, bytecode)) for _ in range(RUNS)]
    app, libraries = zip(*runs, strict=True)
    return min(app, key=lambda each: each.ms), min(libraries, key=lambda each: each.ms)


def test_the_app_loads_within_its_budget(best: tuple[Loaded, Loaded]) -> None:
    app, libraries = best
    assert app.ms <= max(MOST_MS, OVER_LIBRARIES * libraries.ms)
    assert app.mb <= MOST_MB


def test_no_heavy_library_is_loaded(best: tuple[Loaded, Loaded]) -> None:
    assert [name for name in best[0].modules if name.startswith(HEAVY)] == []


def test_no_installed_package_shadows_ours(best: tuple[Loaded, Loaded]) -> None:
    """The host puts the app last on the path: a distribution named `shared` would win."""
    ours = [str(ROOT / name / "__init__.py") for name in ("functions", "shared")]
    assert best[0].files == ours
