"""`clean`: deletes the local Azure's data and what builds left behind, once somebody agreed.

Standard library only, since there may be nothing else.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence

from local.configuration import data_folder, home

LEFTOVERS = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")
AGREED = {"y", "yes"}


def main(arguments: Sequence[str], end: Callable[[], object]) -> int:
    """`end` ends what runs. 1 when nothing was deleted, or not all."""
    parser = argparse.ArgumentParser(prog="python -m local clean")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    sure = parser.parse_args(arguments).yes
    data = data_folder()
    if data.exists() and not (sure or _agreed()):
        return 1
    end()
    for folder in (data, *(home() / name for name in LEFTOVERS)):
        shutil.rmtree(folder, ignore_errors=True)
    if data.exists():
        print(f"Not all of {data} could be deleted; look whose it is.", file=sys.stderr)
        return 1
    print("Its data is deleted.")
    return 0


def _agreed() -> bool:
    if not sys.stdin.isatty():
        print(
            f"Nothing was deleted: nobody can be asked here. `--yes` deletes {data_folder()}.",
            file=sys.stderr,
        )
        return False
    try:
        answer = input(f"Delete the data in {data_folder()}? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        print()
        answer = ""
    if answer.strip().lower() in AGREED:
        return True
    print("Nothing was deleted.")
    return False
