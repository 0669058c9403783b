"""`python -m local.board --port N --azure FILE`: the board as a part of the local Azure.

FILE is JSON with `urls`, `settings`, `master_key`, `logs` and `state`; its owner alone may read it.
"""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from local.board.server import application
from local.board.surroundings import SurroundingsUnusable, read
from local.serving import serve

log = logging.getLogger("local.board")


def main() -> int:
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
    )
    options = arguments()
    try:
        asyncio.run(serve(application(read(options.azure)), options.port))
    except (SurroundingsUnusable, OSError) as error:
        log.error("%s", error)  # noqa: TRY400 - the sentence says it all
        return 1
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.board", description=__doc__)
    parser.add_argument("--port", type=int, default=7070, help="0 takes any free one")
    parser.add_argument("--data", type=Path, help="a folder, as every part is given; unused")
    parser.add_argument("--azure", type=Path, required=True, help="what the board is told")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
