"""A local Azure with its board: people who work in it, and things that go wrong."""

import asyncio
import json
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from azure.storage.blob import ContentSettings
from azure.storage.blob.aio import BlobClient

from local.azure import LocalAzure
from local.configuration import service_bus_connection, storage_connection
from local.demo import delivery, people, signing
from local.demo.client import Client, eventually
from local.demo.people import People
from local.demo.playing import Stage
from local.demo.show import Show
from local.demo.story import built_in
from local.process import Process
from local.setting_up import first_administrator

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
REASON = "CannotBeRead"
QUEUE = "poison"  # no function listens to it, so what lies in it stays
TIMER = "notifications_every_5_minutes_reconcile"
RELAY = "trips_publish_events"
UNREADABLE = '[{"kind": "outbox", "id": 5}]'  # a change without a destination


@dataclass
class Played:
    """What a test may look at, ask, and end."""

    azure: LocalAzure
    people: People

    @property
    def board(self) -> Process:
        return self.azure.processes["board"]

    @property
    def url(self) -> str:
        return self.board.ready["url"]

    def asked(self, path: str) -> Any:
        """The board's own answer."""
        with urllib.request.urlopen(f"{self.url}/api/{path}", timeout=10) as response:
            return json.load(response)

    def push(self, function: str, given: str = "") -> None:
        """Has it run now."""
        url = f"{self.azure.base_url}/admin/functions/{function}"
        headers = {"x-functions-key": self.azure.keys.master_key}
        Client(self.azure.base_url).send("POST", url, {"input": given}, headers)

    async def dead(self, bodies: Sequence[str], correlation_id: str | None = None) -> None:
        """Puts messages into the queue, and aside as unreadable."""
        connection = service_bus_connection(self.azure.ports, self.azure.keys)
        async with ServiceBusClient.from_connection_string(connection) as client:
            async with client.get_queue_sender(QUEUE) as sender:
                for body in bodies:
                    await sender.send_messages(
                        ServiceBusMessage(
                            body,
                            subject=HOSTILE,
                            correlation_id=correlation_id,
                            message_id=str(uuid4()),
                            content_type="application/json",
                            application_properties={"attempt": 3},
                        )
                    )
            async with client.get_queue_receiver(QUEUE, max_wait_time=2) as receiver:
                for message in await receiver.receive_messages(len(bodies), max_wait_time=2):
                    await receiver.dead_letter_message(
                        message, reason=REASON, error_description=f"{HOSTILE} is not a job."
                    )

    async def put(self, name: str, content: bytes, content_type: str) -> None:
        """A file among the uploads."""
        connection = storage_connection(self.azure.ports, self.azure.keys)
        async with BlobClient.from_connection_string(connection, "uploads", name) as blob:
            settings = ContentSettings(content_type=content_type)
            await blob.upload_blob(content, overwrite=True, content_settings=settings)

    async def emptied(self) -> None:
        """Nothing is left in the queue, neither waiting nor dead."""
        admin = self.azure.processes["servicebus"].ready["admin"]
        for dead in (True, False):
            wish = {"entity": QUEUE, "dead": dead, "sequence_numbers": None}
            await asyncio.to_thread(Client(admin).must, "POST", f"{admin}/_local/purge", wish)


def played(azure: LocalAzure, results: Path) -> Played:
    """The ride and its signatures, and a function that stumbles."""
    administrator = first_administrator(azure.base_url, azure.keys.master_key)
    assert administrator is not None
    show = Show()
    everybody = people.gather(show, azure.base_url, administrator)
    material = built_in()
    plan = delivery.planned(show, everybody, material)
    delivery.driven(show, everybody, plan, material.fixes)
    signers = signing.Signers(everybody, Stage(azure, results).messages, False, results)
    signing.signed(show, signers, plan)
    stage = Played(azure, everybody)
    stage.push(TIMER)
    stage.push(RELAY, UNREADABLE)
    eventually("a run that failed", lambda: stage.asked("overview")["counts"]["failed_runs"])
    return stage


async def in_a_thread(azure: LocalAzure, results: Path) -> Played:
    """Starting waits for processes, which must not hold up the browser's own loop."""
    await asyncio.to_thread(azure.start, lambda _: None)
    return await asyncio.to_thread(played, azure, results)
