"""`python -m local.communication --port N [--data DIR] [--faults FILE]`: a part of the local Azure.

It records e-mail and SMS. The access key, in base64, comes from LOCAL_PART_KEY.
"""

import argparse
import asyncio
import logging
import os
import sqlite3
import sys
from pathlib import Path

from local.communication.authorization import AccessKey
from local.communication.server import application
from local.faults.plan import read
from local.serving import serve


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.communication", description=__doc__)
    parser.add_argument("--port", type=int, default=7090, help="0 takes any free one")
    parser.add_argument("--data", type=Path, help="folder of the record; without it, memory alone")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="a plan of faults to follow")
    return parser.parse_args()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    options = arguments()
    try:
        key = AccessKey.of(os.environ.get("LOCAL_PART_KEY", ""))
        plan = read(options.faults, "communication")
        app = application(key, options.data, plan=plan)
        asyncio.run(serve(app, options.port, lambda url: {"url": url, "page": f"{url}/"}))
    except (ValueError, OSError, sqlite3.Error) as error:
        logging.getLogger("local.communication").error("%s", error)  # noqa: TRY400  # its sentence is enough
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
