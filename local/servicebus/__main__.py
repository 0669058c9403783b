"""python -m local.servicebus --port N --data DIR --topology FILE; the key is in LOCAL_PART_KEY."""

import argparse
import asyncio
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

from local.ending import asked_to_end
from local.faults import plan
from local.servicebus.entities.namespace import Namespace
from local.servicebus.page.server import Page
from local.servicebus.recovery import recover
from local.servicebus.server import LOOPBACK, Server
from local.servicebus.store import SqliteJournal, StoreBusy
from local.servicebus.topology import TopologyError, read_topology

KEY_NAME = "RootManageSharedAccessKey"
KEY_SETTING = "LOCAL_PART_KEY"
log = logging.getLogger("local.servicebus")


def wall_clock() -> int:
    return time.time_ns() // 1_000_000


def main() -> int:
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    options = _options()
    key = os.environ.get(KEY_SETTING)
    if not key:
        log.error("%s is not set: it holds the shared access key", KEY_SETTING)
        return 2
    try:
        topology = read_topology(options.topology)
        faults = plan.read(options.faults, "servicebus")
        journal = SqliteJournal(options.data / "servicebus.db") if options.data else None
        asyncio.run(_serve(options, key, Namespace(topology, wall_clock, journal, faults), journal))
    except (TopologyError, StoreBusy, OSError, ValueError) as error:
        log.error("%s", error)  # noqa: TRY400 - the sentence says it all
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="local.servicebus", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument(
        "--admin-port", type=int, default=0, help="of the page; 0 takes any free one"
    )
    parser.add_argument("--data", type=Path, help="the folder of its database; without: in memory")
    parser.add_argument("--topology", type=Path, required=True, help="topology.json")
    parser.add_argument("--faults", type=Path, help="a plan of faults; without: none")
    return parser.parse_args()


async def _serve(
    options: argparse.Namespace, key: str, namespace: Namespace, journal: SqliteJournal | None
) -> None:
    if journal is not None:
        for entity, count in recover(namespace, journal.database).items():
            log.warning("%s is not in the topology; its %d messages stay on disk", entity, count)
    server = Server(namespace, {KEY_NAME: key}, journal)
    page = Page(namespace, server.committed)
    asked = asyncio.ensure_future(asked_to_end().wait())
    try:
        port = await server.start(options.port)
        admin_port = await page.start(options.admin_port)
        addresses = {"url": f"sb://{LOOPBACK}:{port}", "admin": f"http://{LOOPBACK}:{admin_port}"}
        print("ready " + json.dumps(addresses), flush=True)
        ends: list[asyncio.Future[Any]] = [asked, server.failed]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        asked.cancel()
        await page.stop()
        await server.stop()
        if journal is not None:
            journal.close()
    if server.failed.done():
        server.failed.result()


if __name__ == "__main__":
    sys.exit(main())
