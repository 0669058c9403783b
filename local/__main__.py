"""`python -m local <verb>`: the same verbs as the Makefile's, on every operating system.

Runs on any Python first, to make the virtual environment, and then again inside it.
"""

import argparse
import importlib.util
import subprocess
import sys
from collections.abc import Sequence

from local import bootstrap

VERBS = {
    "setup": "make the virtual environment and install what is missing",
    "up": "start the local Azure in the background and show where everything is",
    "run": "the same in the foreground, until Ctrl-C",
    "down": "end it",
    "status": "show what runs, and where; --json for programs",
    "logs": "show what its parts say: [part] [-f] [-n 100] [--correlation-id ID]",
    "keys": "show the keys that open the app; --connections for the SDKs as well",
    "open": "open the board in a browser",
    "clean": "end it and delete its data, once you agreed, and what builds left behind",
    "demo": "play a whole delivery, from login to a verified PDF, and check every step",
    "test": "all tests",
    "check": "everything that CI checks",
    "format": "format the code",
    "lint": "style, types and walls, without changing anything",
    "openapi": "write docs/openapi.json and docs/events.md from the code",
    "vendor": "copy the pages' libraries from npm, as pinned, into the package",
}
WITH_TOOLS = {"test", "check", "demo"}
WITHOUT_SETUP = {"down", "status", "logs", "keys", "open", "clean"}


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 only when everything held."""
    parser = argparse.ArgumentParser(
        prog="python -m local",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_epilog(),
    )
    parser.add_argument("verb", choices=VERBS, metavar="verb")
    verb = parser.parse_args(arguments[:1]).verb
    if verb in WITHOUT_SETUP and not bootstrap.python_in_venv().exists():
        return _without_setup(verb, arguments[1:])
    try:
        if verb not in WITHOUT_SETUP:
            bootstrap.set_up(tools=verb in WITH_TOOLS)
    except bootstrap.SetupFailed as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    if not bootstrap.in_venv():
        return _again_in_venv(arguments)
    if verb in WITHOUT_SETUP and importlib.util.find_spec("psutil") is None:
        return _without_setup(verb, arguments[1:])  # a set-up that was interrupted
    from local import verbs

    return verbs.run(verb, arguments[1:])


def _without_setup(verb: str, arguments: Sequence[str]) -> int:
    """Nothing can run, where nothing was ever installed."""
    if verb == "clean":
        from local.supervision import cleaning

        return cleaning.main(arguments, lambda: None)
    print("Nothing is set up here, so nothing runs. `python3 -m local up` does both.")
    return 0 if verb == "down" else 1


def _again_in_venv(arguments: Sequence[str]) -> int:
    """The same command on the virtual environment's Python; Ctrl-C reaches it as well."""
    command = [str(bootstrap.python_in_venv()), "-m", "local", *arguments]
    with subprocess.Popen(command, cwd=bootstrap.ROOT) as again:
        while True:
            try:
                return again.wait()
            except KeyboardInterrupt:
                continue  # it has been told too, and ends in its own time


def _epilog() -> str:
    return "verbs:\n" + "\n".join(f"  {verb:10}{text}" for verb, text in VERBS.items())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell says it of whoever was interrupted
