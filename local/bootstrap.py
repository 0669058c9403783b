"""From a fresh clone to a virtual environment with everything in it. Standard library only.

Runs on whatever Python typed the command; does only what is not done yet, and says what it does.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
AZURITE = ROOT / "azurite"
BROWSER_TESTS = ROOT / "tests" / "browser"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "constraints.txt")
ENGINE = "azure-functions-runtime==1.3.0"
LEAST_PYTHON = (3, 11)
LEAST_NODE = 18
DEBIAN_PACKAGES = {  # the program each brings, for what tests and demo do better with than without
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "poppler-utils": ("pdfsig",),
    "qpdf": ("qpdf",),
}


class SetupFailed(RuntimeError):
    """Something that is needed is missing, in words that say what to do."""


def python_in_venv() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def in_venv() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def set_up(*, tools: bool = False) -> None:
    """Virtual environment and Azurite; with `tools` also the Debian packages that tests use."""
    if sys.version_info < LEAST_PYTHON:
        raise SetupFailed(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    _must_have_node()
    try:
        _python_packages()
        _npm_packages("Azurite", AZURITE, AZURITE / "node_modules" / "azurite")
        if tools:
            _npm_packages("accessibility checks", BROWSER_TESTS, BROWSER_TESTS / "node_modules")
            _debian_packages()
    except OSError as error:
        raise SetupFailed(
            f"{error.filename or ROOT} cannot be written: {error.strerror}."
        ) from error


def _must_have_node() -> None:
    needed = f"Node.js {LEAST_NODE} or newer with npm is needed, for Azurite"
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise SetupFailed(f"{needed}. It is not installed: https://nodejs.org has it.")
    said = subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=False
    ).stdout.strip()
    found = re.match(r"v(\d+)\.", said)
    if found is None or int(found[1]) < LEAST_NODE:
        raise SetupFailed(
            f"{needed}; this is {said or 'none that runs'}, at {shutil.which('node')}."
        )


def _python_packages() -> None:
    stamp = VENV / ".installed"
    wanted = _digest([ROOT / name for name in REQUIREMENTS], sys.version, ENGINE)
    if _same(stamp, wanted) and python_in_venv().exists():
        return
    if not python_in_venv().exists():
        _step("virtual environment", _make_venv)
    pip = [str(python_in_venv()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run("Python packages", [*pip, "-r", "requirements-dev.txt", "-c", "constraints.txt"])
    # Microsoft's engine declares Python 3.13, where it is deployed, and runs on 3.11 as well.
    _run("Functions engine", [*pip, "--no-deps", "--ignore-requires-python", ENGINE])
    stamp.write_text(wanted, encoding="utf-8")


def _make_venv() -> None:
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except subprocess.CalledProcessError as error:
        raise SetupFailed(
            "The virtual environment could not be made, since this Python has no pip to put in. "
            "On Debian and Ubuntu: `sudo apt install python3-venv`."
        ) from error


def _npm_packages(what: str, folder: Path, brought: Path) -> None:
    """`brought` is there after it; who deletes that gets it again."""
    stamp = folder / "node_modules" / ".installed"
    wanted = _digest([folder / "package-lock.json"])
    if not (_same(stamp, wanted) and brought.exists()):
        npm = shutil.which("npm") or "npm"
        _run(what, [npm, "ci", "--prefix", str(folder), "--no-audit", "--no-fund", "--silent"])
        stamp.write_text(wanted, encoding="utf-8")


def _debian_packages() -> None:
    """Only where apt-get and the right to use it are there; else what needs them is skipped."""
    missing = [
        package
        for package, programs in DEBIAN_PACKAGES.items()
        if not any(shutil.which(program) for program in programs)
    ]
    apt, sudo = shutil.which("apt-get"), shutil.which("sudo")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not missing or apt is None or not (is_root or sudo):
        return
    command = [apt] if is_root else [str(sudo), "-n", apt]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        _run("Debian package lists", [*command, "update", "-qq"], quiet)
        install = [*command, "install", "-y", "-qq", "--no-install-recommends", *missing]
        _run(f"Debian packages {', '.join(missing)}", install, quiet)
    except SetupFailed as failed:
        print(f"  without {', '.join(missing)}: {str(failed).splitlines()[0]}", flush=True)


def _run(what: str, command: Sequence[str], env: dict[str, str] | None = None) -> None:
    def run() -> None:
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip()[-2000:]
            raise SetupFailed(f"{what} could not be installed.\n{said}")

    _step(what, run)


def _step(what: str, do: object) -> None:
    print(f"  {what} ...", end="", flush=True)
    began = time.monotonic()
    if callable(do):
        do()
    print(f" {time.monotonic() - began:.0f} s", flush=True)


def _digest(files: Sequence[Path], *more: str) -> str:
    content = b"".join(file.read_bytes() for file in files) + "".join(more).encode()
    return hashlib.sha256(content).hexdigest()


def _same(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == wanted
