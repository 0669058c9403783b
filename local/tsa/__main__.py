"""`python -m local.tsa --port N --data DIR [--faults FILE]`: says `ready {json}` and serves."""

import argparse
import asyncio
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

from local.faults.plan import PlanRefused, read
from local.serving import serve
from local.tsa.authority import ROOT_PEM, kept_in, make
from local.tsa.server import application


def main() -> int:
    parser = argparse.ArgumentParser(prog="local.tsa", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--data", type=Path, help="where keys are kept; without it, in memory")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="a plan of faults to follow")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        plan = read(options.faults, "tsa")
    except PlanRefused as refused:
        logging.getLogger("local.tsa").error("%s", refused)  # noqa: TRY400  # its sentence is enough
        return 1
    if options.data is None:
        authority, root = make(_now), ""
    else:
        authority, root = kept_in(options.data, _now), str((options.data / ROOT_PEM).resolve())
    app = application(authority, plan)
    asyncio.run(serve(app, options.port, lambda url: {"url": url, "ca": root}))
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
