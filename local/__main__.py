"""`python -m local <verb>`: the same verbs as the Makefile's, on every operating system.

Runs on any Python first, to make the virtual environment, and then again inside it.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence

from local import bootstrap

VERBS = {
    "setup": "make the virtual environment and install what is missing",
    "up": "start the local Azure in the background and show where everything is",
    "run": "the same in the foreground, until Ctrl-C",
    "down": "end it",
    "status": "show what runs, and where",
    "clean": "end it and delete its data, and what builds left behind",
    "demo": "play a whole delivery, from login to a verified PDF, and check every step",
    "test": "all tests",
    "check": "everything that CI checks",
    "format": "format the code",
    "lint": "style, types and walls, without changing anything",
    "openapi": "write docs/openapi.json and docs/events.md from the code",
    "vendor": "copy the pages' libraries from npm, as pinned, into the package",
}
WITH_TOOLS = {"test", "check", "demo"}
WITHOUT_SETUP = {"down", "status", "clean"}


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 only when everything held."""
    parser = argparse.ArgumentParser(
        prog="python -m local",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_epilog(),
    )
    parser.add_argument("verb", choices=VERBS, metavar="verb")
    verb = parser.parse_args(arguments[:1]).verb
    try:
        if verb not in WITHOUT_SETUP or not bootstrap.python_in_venv().exists():
            bootstrap.set_up(tools=verb in WITH_TOOLS)
    except bootstrap.SetupFailed as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    if not bootstrap.in_venv():
        return _again_in_venv(arguments)
    from local import verbs

    return verbs.run(verb, arguments[1:])


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
    sys.exit(main(sys.argv[1:]))
