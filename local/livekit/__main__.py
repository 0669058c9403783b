"""`python -m local.livekit --port N [--webhook URL]... [--faults FILE]`: a part of the local Azure.

The key comes from LIVEKIT_API_KEY and LIVEKIT_API_SECRET. `--data` is taken because every
part is given one; nothing is written there, since rooms do not outlive the process.
"""

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path

from local.faults.plan import read
from local.livekit.server import application
from local.livekit.tokens import ApiKey
from local.serving import serve


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.livekit", description=__doc__)
    parser.add_argument("--port", type=int, default=7880, help="0 takes any free one")
    parser.add_argument("--data", type=Path, help="accepted and not used")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="a plan of faults to follow")
    parser.add_argument("--webhook", action="append", default=[], metavar="URL")
    return parser.parse_args()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    options = arguments()
    try:
        key = ApiKey(
            os.environ.get("LIVEKIT_API_KEY", ""), os.environ.get("LIVEKIT_API_SECRET", "")
        )
        plan = read(options.faults, "livekit")
        asyncio.run(serve(application(key, tuple(options.webhook), plan=plan), options.port))
    except (ValueError, OSError) as error:
        logging.getLogger("local.livekit").error("%s", error)  # noqa: TRY400  # its sentence is enough
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
