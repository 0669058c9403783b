"""How many messages a second the local Service Bus handles, in memory and with SQLite.

`python -m benchmarks.servicebus [messages] [rounds]`: two brokers, each a process on one core, take
turns; the client is a lean one, in this process. It ends by itself.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from local import process
from tests.contract.servicebus import entities
from tests.contract.servicebus.lean_client import LeanClient, batch
from tests.contract.servicebus.moving import KEY

QUEUES = [{"name": "plain", "maxMessageSizeInKilobytes": 1024}]
BODY_BYTES = 512
IN_A_BATCH = 200
BATCH = batch(IN_A_BATCH, BODY_BYTES)
WANTED_PER_S, WANTED_RATIO = 10_000, 0.8
Work = Callable[[LeanClient, int], None]


def send(client: LeanClient, count: int) -> None:
    client.send_batches("plain", BATCH, count // IN_A_BATCH)


def receive_and_complete(client: LeanClient, count: int) -> None:
    client.open_receiver("plain", peek_lock=True)
    for _ in range(count // IN_A_BATCH):
        client.receive(IN_A_BATCH)
        client.complete(IN_A_BATCH)


def receive_and_delete(client: LeanClient, count: int) -> None:
    client.open_receiver("plain", peek_lock=False)
    for _ in range(count // IN_A_BATCH):
        client.receive(IN_A_BATCH)


STEPS: list[tuple[str, Work]] = [
    ("send", send),
    ("receive and complete", receive_and_complete),
    ("send again", send),
    ("receive and delete", receive_and_delete),
]


@contextmanager
def broker(folder: Path, *, kept: bool) -> Iterator[process.Process]:
    topology = entities.write(folder / "topology.json", {"serviceBus": {"queues": QUEUES}})
    data = ["--data", str(folder / "data")] if kept else []
    command = process.python_part("local.servicebus", "--topology", str(topology), *data)
    part = process.start("servicebus", command, log=folder / "log", env={"LOCAL_PART_KEY": KEY})
    psutil.Process(part.popen.pid).cpu_affinity([0])
    try:
        yield part
    finally:
        part.stop()


def rates(part: process.Process, work: Work, count: int) -> tuple[float, float]:
    """Messages a second, and for each second that the broker had the core.

    They are the same on a quiet machine; other load makes the first one smaller.
    """
    client, busy = LeanClient(part.ready["url"]), psutil.Process(part.popen.pid).cpu_times
    began, before = time.perf_counter(), busy()
    work(client, count)
    took, after = time.perf_counter() - began, busy()
    client.close()
    on_core = after.user + after.system - before.user - before.system
    return count / took, count / max(on_core, 0.01)


Found = dict[tuple[str, str], list[tuple[float, float]]]


def measured(count: int, rounds: int) -> Found:
    found: Found = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        brokers = {}
        for kind in ("memory", "SQLite"):
            place = Path(folder) / kind
            place.mkdir()
            brokers[kind] = stack.enter_context(broker(place, kept=kind == "SQLite"))
        for _ in range(rounds):
            for name, work in STEPS:
                for kind, part in brokers.items():
                    found.setdefault((name, kind), []).append(rates(part, work, count))
    return found


def main(count: int = 20_000, rounds: int = 5) -> None:
    found = measured(count, rounds)
    print(f"messages of {BODY_BYTES} B, {IN_A_BATCH} at a time; load {psutil.getloadavg()[0]:.1f}")
    for title, which in (("a second", 0), ("a second of the broker's core", 1)):
        print(title)
        for name, _ in STEPS:
            memory, kept = (
                statistics.median(rate[which] for rate in found[name, kind])
                for kind in ("memory", "SQLite")
            )
            ratio = kept / memory
            print(f"  {name:22} memory {memory:7.0f}   SQLite {kept:7.0f}   ratio {ratio:.2f}")
    print(f"wanted: {WANTED_PER_S} received with SQLite, at a ratio of {WANTED_RATIO}")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:3]))
