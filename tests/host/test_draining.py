"""A host that is stopped under load, or killed: what becomes of the messages."""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from local.process import PartFailed
from tests.host import broker as brokers
from tests.host.broker import Broker
from tests.host.starting import Served, eventually, serve

QUEUES = {"plain": 100, "texts": 30, "batched": 30}
SESSIONS = 6
OF_EACH = 8
ALL = sum(QUEUES.values()) + SESSIONS * OF_EACH


@pytest.fixture
def broker(folder: Path) -> Iterator[Broker]:
    started = brokers.start(folder)
    yield started
    started.stop()


def counting(broker: Broker, folder: Path, *arguments: str) -> Served:
    settings = {"SERVICE_BUS": broker.connection, "COUNT_FILE": str(folder / "count")}
    return serve("counting", folder, settings, arguments=arguments)


def handled(folder: Path) -> list[list[str]]:
    """Message id and session of every message that was handled, in order."""
    file = folder / "count"
    return [line.split() for line in file.read_text().splitlines()] if file.exists() else []


def fill(broker: Broker) -> None:
    with ServiceBusClient.from_connection_string(broker.connection) as client:
        for queue, count in QUEUES.items():
            with client.get_queue_sender(queue) as sender:
                ids = (f"{queue}-{n}" for n in range(count))
                sender.send_messages([ServiceBusMessage("x", message_id=each) for each in ids])
        with client.get_queue_sender("ordered") as sender:
            sender.send_messages(
                [
                    ServiceBusMessage("x", message_id=f"s{s}-{n:02d}", session_id=f"s{s}")
                    for n in range(OF_EACH)
                    for s in range(SESSIONS)
                ]
            )


def test_a_host_that_is_stopped_under_load_loses_and_doubles_nothing(
    broker: Broker, folder: Path
) -> None:
    fill(broker)
    served = counting(broker, folder)
    eventually(lambda: len(handled(folder)) >= ALL / 3)
    served.process.popen.send_signal(signal.SIGINT)
    assert served.process.popen.wait(25) == 0
    served.client.close()
    assert len(handled(folder)) < ALL
    assert '"level": "ERROR"' not in served.log.read_text()
    served = counting(broker, folder)
    try:
        eventually(lambda: len(handled(folder)) >= ALL)
    finally:
        served.client.close()
        served.process.stop()
    counts = Counter(message_id for message_id, _ in handled(folder))
    assert [name for name, count in counts.items() if count != 1] == []
    assert len(counts) == ALL
    assert not any(broker.active(queue) for queue in QUEUES)
    for session in (f"s{n}" for n in range(SESSIONS)):
        in_order = [message_id for message_id, of in handled(folder) if of == session]
        assert in_order == [f"{session}-{n:02d}" for n in range(OF_EACH)]


def killed_at(point: str, folder: Path, **more: Any) -> str:
    """A plan that kills the host once at a point of the function `killed`."""
    rule = {"part": "host", "fault": "killed", "at": point, "target": "killed", "count": 1, **more}
    plan = folder / "plan.json"
    plan.write_text(json.dumps({"seed": 7, "rules": [rule]}))
    return str(plan)


@pytest.mark.parametrize(
    ("point", "times", "delivered"),
    [
        ("before-function", 1, 2),
        ("after-function", 2, 2),
        ("before-settle", 2, 2),
        ("after-settle", 1, 1),
    ],
)
def test_a_host_that_is_killed_at_a_point_handles_the_message_again_or_not(
    broker: Broker, folder: Path, point: str, times: int, delivered: int
) -> None:
    """At least once: only a message that was settled is not handled again."""
    plan = killed_at(point, folder)
    served = counting(broker, folder, "--faults", plan)
    broker.send(ServiceBusMessage("x", message_id="only"), queue="kept")
    assert served.process.popen.wait(20) == -signal.SIGKILL
    served.client.close()
    begun = [line for line in served.lines() if line.get("event") == "invocation.started"]
    assert [line["function"] for line in begun] == ["killed"]  # what was said is not lost
    again = counting(broker, folder, "--faults", plan)
    try:
        eventually(lambda: not broker.active("kept"))
        assert [name for name, _ in handled(folder)] == ["only"] * times
        runs = [line for line in again.lines() if line.get("event") == "invocation.started"]
        assert len(runs) == delivered
    finally:
        again.client.close()
        again.process.kill()


def test_a_plan_that_cannot_be_read_is_named(folder: Path, broker: Broker) -> None:
    plan = folder / "plan.json"
    plan.write_text("{")
    with pytest.raises(PartFailed, match=r"plan\.json is not JSON"):
        counting(broker, folder, "--faults", str(plan))
