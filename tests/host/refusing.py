"""Many apps started by the host, one after the other, each in a fork of one warm process.

`python -m tests.host.refusing`: cases in JSON on stdin, exit code and stderr of each on stdout.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from local.process import ROOT

SETTINGS = {"COSMOS": "x", "BUS": "x"}
AT_MOST_S = 20
PLAIN = '{"version": "2.0"}'


@dataclass(frozen=True)
class Case:
    """An app and its host.json; without code there is no function_app.py."""

    code: str | None
    host_json: str = PLAIN


@dataclass(frozen=True)
class Ended:
    """How the host ended, and what it said."""

    code: int
    said: str


def refused(cases: Iterable[Case]) -> list[Ended]:
    """Start the host on every app, in a process that has loaded what is slow to load."""
    given = json.dumps([[case.code, case.host_json] for case in cases])
    ended = subprocess.run(
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    return [Ended(code, said) for code, said in json.loads(ended.stdout)]


def _tried(case: Case) -> tuple[int, str]:
    with tempfile.TemporaryDirectory() as text, tempfile.TemporaryFile() as said:
        arguments = _laid_out(Path(text), case, SETTINGS)
        pid = os.fork()
        if pid == 0:
            signal.alarm(AT_MOST_S)  # one that is served after all
            os.dup2(said.fileno(), 2)
            os.dup2(said.fileno(), 1)
            sys.argv = ["local.host", *arguments]
            _serve()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        said.seek(0)
        return code, said.read().decode()


def _laid_out(folder: Path, case: Case, settings: Mapping[str, str]) -> list[str]:
    app = folder / "app"
    app.mkdir()
    if case.code is not None:
        (app / "function_app.py").write_text(case.code, encoding="utf-8")
    (app / "host.json").write_text(case.host_json, encoding="utf-8")
    (folder / "settings.json").write_text(json.dumps({"Values": settings}), encoding="utf-8")
    places = {"--app": app, "--data": folder / "data", "--settings": folder / "settings.json"}
    return ["--port", "0", *(str(each) for pair in places.items() for each in pair)]


def _serve() -> None:
    """Never returns."""
    from local.host.__main__ import main

    code = 99
    try:
        code = main()
    except SystemExit as raised:
        code = raised.code if isinstance(raised.code, int) else 98
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    import_module("local.host.__main__")
    found = [_tried(Case(code, host_json)) for code, host_json in json.load(sys.stdin)]
    json.dump(found, sys.stdout)
