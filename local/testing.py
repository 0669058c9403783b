"""All tests in two processes at once, and the coverage of both together.

Most tests wait for servers of their own, so that two at a time are hardly slower than one.
"""

import os
import subprocess
import sys
from pathlib import Path

from local.process import ROOT

TESTS = ROOT / "tests"
# What starts whole Azures and browsers, against all the rest: about as long as one another.
WHOLE = ("board", "browser", "contract/servicebus", "demo", "journeys", "local")
COVERAGE = ("--cov", "--cov-branch", "--cov-report=")
LEAST_COVERED = 95


def run() -> int:
    """0 only when all held and enough of the product was reached."""
    log = ROOT / ".local" / "tests.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    first, second = groups()
    with log.open("w", encoding="utf-8") as output:
        beside = subprocess.Popen(
            _command(second), cwd=ROOT, env=_own("2"), stdout=output, stderr=output
        )
        try:
            code = subprocess.run(_command(first), cwd=ROOT, env=_own("1"), check=False).returncode
            other = beside.wait()
        finally:
            beside.kill()
    print(log.read_text(encoding="utf-8"), flush=True)
    return code or other or _covered()


def groups() -> tuple[list[str], list[str]]:
    """Every folder with tests is in exactly one of the two."""
    folders = {
        path.relative_to(TESTS).as_posix()
        for parent in (TESTS, TESTS / "contract")
        for path in parent.iterdir()
        if path.is_dir() and any(path.rglob("test_*.py"))
    } - {"contract"}
    rest = sorted(folders - set(WHOLE))
    return [f"tests/{each}" for each in rest], [f"tests/{each}" for each in WHOLE]


def _covered() -> int:
    """Both measurements made one, and judged."""
    files = [str(_measured("1")), str(_measured("2"))]
    combine = [sys.executable, "-m", "coverage", "combine", *files]
    report = [sys.executable, "-m", "coverage", "report", "--skip-covered"]
    report += [f"--fail-under={LEAST_COVERED}"]
    return (
        subprocess.run(combine, cwd=ROOT, check=False).returncode
        or subprocess.run(report, cwd=ROOT, check=False).returncode
    )


def _command(folders: list[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", *folders, *COVERAGE]


def _own(number: str) -> dict[str, str]:
    return {**os.environ, "COVERAGE_FILE": str(_measured(number))}


def _measured(number: str) -> Path:
    return ROOT / f".coverage.{number}"
