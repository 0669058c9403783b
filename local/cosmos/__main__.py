"""`python -m local.cosmos`: serves until asked to end. The account key is LOCAL_PART_KEY."""

import argparse
import asyncio
import json
import logging
import os
import sys
from pathlib import Path

from local.cosmos.authorization import EMULATOR_KEY
from local.cosmos.http import settle_memory
from local.cosmos.server import serve
from local.cosmos.store import DataInUse
from local.ending import asked_to_end
from local.faults.plan import PlanRefused, read

_log = logging.getLogger("local.cosmos")


def main() -> int:
    arguments = _arguments()
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        asyncio.run(_serve(arguments))
    except (DataInUse, PlanRefused, ValueError, OSError) as error:
        _log.error("Cannot start: %s", error)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.cosmos", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")
    parser.add_argument("--data", type=Path, help="where cosmos.db lies; without it, in memory")
    parser.add_argument(
        "--permissive", action="store_true", help="allow queries that the real gateway refuses"
    )
    parser.add_argument("--faults", type=Path, help="a plan of faults, see local/faults/plan.py")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    ended = asked_to_end()
    key = os.environ.get("LOCAL_PART_KEY") or EMULATOR_KEY
    async with serve(
        port=arguments.port,
        data=arguments.data,
        key=key,
        strict=not arguments.permissive,
        faults=read(arguments.faults, "cosmos"),
    ) as serving:
        settle_memory()
        print(f"ready {json.dumps({'url': serving.url})}", flush=True)
        await ended.wait()


if __name__ == "__main__":
    sys.exit(main())
