"""`python -m local.blobproxy --port N --upstream URL [--faults FILE]`: a part of the local Azure.

`--data` is taken because every part is given one; nothing is written there.
"""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from local.blobproxy.server import application
from local.faults.plan import read
from local.serving import serve


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.blobproxy", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--upstream", required=True, metavar="URL", help="the blob endpoint behind")
    parser.add_argument("--data", type=Path, help="accepted and not used")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="a plan of faults to follow")
    return parser.parse_args()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    options = arguments()
    try:
        app = application(options.upstream, read(options.faults, "blob"))
        asyncio.run(serve(app, options.port))
    except (ValueError, OSError) as error:
        logging.getLogger("local.blobproxy").error("%s", error)  # noqa: TRY400  # its sentence is enough
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
