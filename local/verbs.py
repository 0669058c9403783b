"""What each verb does, inside the virtual environment."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence

from local.process import ROOT

Verb = Callable[[Sequence[str]], int]


def run(verb: str, arguments: Sequence[str]) -> int:
    return TABLE[verb](arguments)


def _setup(_arguments: Sequence[str]) -> int:
    print("Everything is there.")
    return 0


def _up(arguments: Sequence[str]) -> int:
    from local.supervision import controls, options

    return controls.up(options.chosen("up", arguments))


def _run(arguments: Sequence[str]) -> int:
    from local.supervision import options, supervisor

    return supervisor.serve(options.chosen("run", arguments))


def _down(arguments: Sequence[str]) -> int:
    from local.supervision import controls

    _parser("down").parse_args(arguments)
    return controls.down()


def _status(arguments: Sequence[str]) -> int:
    from local.supervision import controls

    parser = _parser("status")
    parser.add_argument("--json", action="store_true", help="for programs")
    return controls.status(as_json=parser.parse_args(arguments).json)


def _logs(arguments: Sequence[str]) -> int:
    from local.configuration import data_folder
    from local.logs import command

    return command.main(arguments, data_folder() / "logs")


def _keys(arguments: Sequence[str]) -> int:
    from local.configuration import data_folder
    from local.refusals import CannotStart
    from local.supervision import controls, showing_keys

    try:
        return showing_keys.main(arguments, data_folder(), controls.noted())
    except CannotStart as refused:
        print(refused, file=sys.stderr)
        return 1


def _open(arguments: Sequence[str]) -> int:
    from local.supervision import controls

    _parser("open").parse_args(arguments)
    return controls.open_board()


def _clean(arguments: Sequence[str]) -> int:
    from local.supervision import cleaning, controls

    return cleaning.main(arguments, controls.down)


def _demo(arguments: Sequence[str]) -> int:
    from local.demo.story import main

    return main(arguments)


def _test(arguments: Sequence[str]) -> int:
    """All of them, with their coverage of the product; or what the arguments choose."""
    if arguments:
        return _python("pytest", *arguments)
    from local import testing

    return testing.run()


def _check(_arguments: Sequence[str]) -> int:
    """Every check, each told by name; the first that fails ends it."""
    checks: list[tuple[str, Verb]] = [
        ("lint", _lint),
        ("index of functions", lambda _: _python("local.functions_index", "--check")),
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
    return _python("local.functions_index") or _python("local.openapi") or _python("local.events")


def _vendor(_arguments: Sequence[str]) -> int:
    return _python("local.vendoring")


def _import_linter() -> int:
    code = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode


def _python(module: str, *arguments: str) -> int:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _parser(verb: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"python -m local {verb}")


TABLE: dict[str, Verb] = {
    "setup": _setup,
    "up": _up,
    "run": _run,
    "down": _down,
    "status": _status,
    "logs": _logs,
    "keys": _keys,
    "open": _open,
    "clean": _clean,
    "demo": _demo,
    "test": _test,
    "check": _check,
    "format": _format,
    "lint": _lint,
    "openapi": _openapi,
    "vendor": _vendor,
}
