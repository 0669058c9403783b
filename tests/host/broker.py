"""The real broker as a process, and the unchanged SDK to fill and read it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure.servicebus import (
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceivedMessage,
    ServiceBusSubQueue,
)
from azure.servicebus.amqp import AmqpAnnotatedMessage

from local import process
from local.process import Process

KEY = "a-local-key"


def queue(name: str, **more: Any) -> dict[str, Any]:
    """A queue of the topology; locks are short so that their end can be awaited."""
    return {"name": name, "maxDeliveryCount": 3, "lockDuration": "PT5S", **more}


TOPOLOGY = {
    "serviceBus": {
        "queues": [
            queue("plain"),
            queue("batched"),
            queue("texts"),
            queue("kept", lockDuration="PT1S"),
            queue("ordered", requiresSession=True),
            queue("brief", lockDuration="PT2S", maxDeliveryCount=10),
        ],
        "topics": [{"name": "news", "subscriptions": [queue("all")]}],
    }
}


@dataclass
class Broker:
    """A broker on a port of its own, which it keeps when it is started again."""

    folder: Path
    process: Process
    port: str

    @property
    def connection(self) -> str:
        return (
            f"Endpoint=sb://127.0.0.1:{self.port};SharedAccessKeyName=RootManageSharedAccessKey;"
            f"SharedAccessKey={KEY};UseDevelopmentEmulator=true;"
        )

    def stop(self) -> None:
        self.process.stop()

    def start_again(self) -> None:
        self.process = _start(self.folder, self.port)

    def send_raw(self, message: AmqpAnnotatedMessage, *, queue: str) -> None:
        """A message that another AMQP client might send."""
        with (
            ServiceBusClient.from_connection_string(self.connection) as client,
            client.get_queue_sender(queue) as sender,
        ):
            sender.send_messages(message)

    def send(self, *messages: ServiceBusMessage, queue: str = "", topic: str = "") -> None:
        with ServiceBusClient.from_connection_string(self.connection) as client:
            sender = client.get_topic_sender(topic) if topic else client.get_queue_sender(queue)
            with sender:
                sender.send_messages(list(messages))

    def active(self, queue: str) -> Sequence[ServiceBusReceivedMessage]:
        """What is on a queue, locked or not."""
        with (
            ServiceBusClient.from_connection_string(self.connection) as client,
            client.get_queue_receiver(queue) as receiver,
        ):
            return receiver.peek_messages(100)

    def dead(self, queue: str) -> Sequence[ServiceBusReceivedMessage]:
        """What the broker gave up."""
        with (
            ServiceBusClient.from_connection_string(self.connection) as client,
            client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER) as receiver,
        ):
            return receiver.peek_messages(100)


def start(folder: Path) -> Broker:
    """A broker with the topology of these tests."""
    (folder / "topology.json").write_text(json.dumps(TOPOLOGY), encoding="utf-8")
    started = _start(folder, "0")
    return Broker(folder, started, started.ready["url"].rsplit(":", 1)[1])


def _start(folder: Path, port: str) -> Process:
    (folder / "broker").mkdir(exist_ok=True)
    places = ("--data", str(folder / "broker"), "--topology", str(folder / "topology.json"))
    command = process.python_part("local.servicebus", "--port", port, *places)
    return process.start("broker", command, log=folder / "broker.log", env={"LOCAL_PART_KEY": KEY})
