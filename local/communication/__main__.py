"""`python -m local.communication --port N [--data DIR] [--faults FILE]`: a part of the local Azure.

It records e-mail and SMS. The access key, in base64, comes from LOCAL_PART_KEY.
"""

import argparse
import asyncio
import json
import logging
import os
import sqlite3
import sys
from pathlib import Path

from aiohttp import web

from local.communication.authorization import AccessKey
from local.communication.server import application
from local.ending import asked_to_end
from local.faults.plan import read

GRACE_S = 2.0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.communication", description=__doc__)
    parser.add_argument("--port", type=int, default=7090, help="0 takes any free one")
    parser.add_argument("--data", type=Path, help="folder of the record; without it, memory alone")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="a plan of faults to follow")
    return parser.parse_args()


async def serve(app: web.Application, port: int) -> None:
    """Until SIGTERM or SIGINT. Raises OSError for a port that is taken."""
    stop = asked_to_end()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        print("ready " + json.dumps({"url": url, "page": f"{url}/"}), flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    options = arguments()
    try:
        key = AccessKey.of(os.environ.get("LOCAL_PART_KEY", ""))
        plan = read(options.faults, "communication")
        asyncio.run(serve(application(key, options.data, plan=plan), options.port))
    except (ValueError, OSError, sqlite3.Error) as error:
        logging.getLogger("local.communication").error("%s", error)  # noqa: TRY400  # its sentence is enough
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
