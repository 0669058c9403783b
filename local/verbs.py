"""What each verb does, inside the virtual environment."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence

from local.process import ROOT

Verb = Callable[[Sequence[str]], int]
COVERAGE = ["--cov", "--cov-branch", "--cov-report=term:skip-covered", "--cov-fail-under=95"]


def run(verb: str, arguments: Sequence[str]) -> int:
    return TABLE[verb](arguments)


def _setup(_arguments: Sequence[str]) -> int:
    print("Everything is there.")
    return 0


def _up(arguments: Sequence[str]) -> int:
    from local import supervisor

    return supervisor.up(free=_free_ports("up", arguments))


def _run(arguments: Sequence[str]) -> int:
    from local import supervisor

    return supervisor.serve(free=_free_ports("run", arguments))


def _down(_arguments: Sequence[str]) -> int:
    from local import supervisor

    return supervisor.down()


def _status(_arguments: Sequence[str]) -> int:
    from local import supervisor

    return supervisor.status()


def _clean(_arguments: Sequence[str]) -> int:
    from local import supervisor

    return supervisor.clean()


def _demo(arguments: Sequence[str]) -> int:
    from local.demo.story import main

    return main(arguments)


def _test(arguments: Sequence[str]) -> int:
    """All of them, with their coverage of the product; or what the arguments choose."""
    return _python("pytest", *(arguments or ["tests", *COVERAGE]))


def _check(_arguments: Sequence[str]) -> int:
    """Every check, each told by name; the first that fails ends it."""
    checks: list[tuple[str, Verb]] = [
        ("lint", _lint),
        ("OpenAPI document", lambda _: _python("local.openapi", "--check")),
        ("tests and coverage", _test),
    ]
    for name, check in checks:
        print(f"== {name}", flush=True)
        if code := check([]):
            print(f"== {name} failed", file=sys.stderr)
            return code
    print("== all checks passed")
    return 0


def _format(_arguments: Sequence[str]) -> int:
    return _python("ruff", "check", "--fix-only", "--quiet", ".") or _python("ruff", "format", ".")


def _lint(_arguments: Sequence[str]) -> int:
    return (
        _python("ruff", "format", "--check", ".")
        or _python("ruff", "check", ".")
        or _python("mypy", ".")
        or _import_linter()
    )


def _openapi(_arguments: Sequence[str]) -> int:
    return _python("local.openapi") or _python("local.events")


def _vendor(_arguments: Sequence[str]) -> int:
    return _python("local.vendoring")


def _import_linter() -> int:
    code = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode


def _python(module: str, *arguments: str) -> int:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _free_ports(verb: str, arguments: Sequence[str]) -> bool:
    parser = argparse.ArgumentParser(prog=f"python -m local {verb}")
    parser.add_argument("--free-ports", action="store_true", help="any that nobody uses")
    return bool(parser.parse_args(arguments).free_ports)


TABLE: dict[str, Verb] = {
    "setup": _setup,
    "up": _up,
    "run": _run,
    "down": _down,
    "status": _status,
    "clean": _clean,
    "demo": _demo,
    "test": _test,
    "check": _check,
    "format": _format,
    "lint": _lint,
    "openapi": _openapi,
    "vendor": _vendor,
}
