"""The broker goes away and comes back: before the host, under the host, with work in hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusMessage

from tests.host import broker as brokers
from tests.host.broker import Broker
from tests.host.starting import eventually, serve


@pytest.fixture
def broker(folder: Path) -> Iterator[Broker]:
    started = brokers.start(folder)
    yield started
    started.stop()


def test_the_broker_may_come_later_and_go_and_come_back(broker: Broker, folder: Path) -> None:
    broker.stop()
    served = serve("bus", folder, {"SERVICE_BUS": broker.connection, "PLAIN_QUEUE": "plain"})
    try:
        states = served.admin("GET", "host/status").json()["listeners"]
        assert set(states) == {"plain", "from_topic", "batched", "texts", "kept", "ordered"}

        def bodies(function: str) -> list[str]:
            return [each["body"] for each in served.seen(function)]

        for round_ in ("one", "two"):
            broker.start_again()
            broker.send(ServiceBusMessage(round_), queue="plain")
            broker.send(ServiceBusMessage(round_, session_id="s"), queue="ordered")
            eventually(lambda: round_ in bodies("plain"))  # noqa: B023 - awaited in this round
            eventually(lambda: round_ in bodies("ordered"))  # noqa: B023 - awaited in this round
            broker.stop()

            def away() -> bool:
                listeners = served.admin("GET", "host/status").json()["listeners"]
                return bool(listeners["plain"] == "waiting for the broker")

            eventually(away)
        events = [line.get("event") for line in served.lines()]
        assert "listener cut off" in events
        assert "listener back" in events
    finally:
        served.client.close()
        served.process.stop()


def test_a_message_in_hand_when_the_broker_dies_comes_again(broker: Broker, folder: Path) -> None:
    served = serve("bus", folder, {"SERVICE_BUS": broker.connection, "PLAIN_QUEUE": "plain"})
    try:
        broker.send(ServiceBusMessage("sleep 2"), queue="plain")
        eventually(lambda: served.seen("plain"))
        broker.process.kill()
        broker.start_again()
        eventually(lambda: len(served.seen("plain")) >= 2)
        eventually(lambda: not broker.active("plain"))
    finally:
        served.client.close()
        served.process.stop()
