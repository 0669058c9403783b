"""The app as the engine sees it, over the real emulators, and readers of what it sends."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusReceivedMessage, ServiceBusReceiveMode
from azure.servicebus.aio import ServiceBusClient

from functions.calls.wiring import calls
from functions.operations.wiring import readiness
from local.process import ROOT, Process, python_part, start
from shared.http.openapi.registered import Registered, http_functions
from tests.support.app import app_functions
from tests.support.azure import configured, service_bus_connection
from tests.support.engine import EngineApp

LIVEKIT = {
    "LIVEKIT_API_KEY": "APIengine",
    "LIVEKIT_API_SECRET": "a-secret-of-32-characters-or-more",
}
PATIENCE_S = 20
Found = dict[str, ServiceBusReceivedMessage]
Receive = Callable[[str, set[str]], Awaitable[Found]]


@pytest.fixture(scope="package")
async def app(
    records: None, service_bus: Process, blob_storage: Process, logs: Path
) -> AsyncGenerator[EngineApp]:
    """The repository's own app; LiveKit is there too, since a timer asks it."""
    log = logs / "livekit-engine.log"
    livekit = start("livekit", python_part("local.livekit", "--port", "0"), log=log, env=LIVEKIT)
    key, secret = LIVEKIT.values()
    provided = (calls, readiness)
    for each in provided:
        each.forget()
    with configured(
        LIVEKIT__url=livekit.ready["url"], LIVEKIT__apiKey=key, LIVEKIT__apiSecret=secret
    ):
        yield await EngineApp.index(ROOT)
    for each in provided:
        each.forget()
    livekit.stop()


@pytest.fixture(scope="package")
def http() -> list[Registered]:
    return http_functions(app_functions())


@pytest.fixture
async def received(service_bus: Process) -> AsyncGenerator[Receive]:
    """Takes from a queue, or from `topic/subscription/session`, until all wanted ids are there."""
    connection = service_bus_connection(service_bus.ready["url"])
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            ServiceBusClient.from_connection_string(connection)
        )

        async def receive(place: str, wanted: set[str]) -> Found:
            mode = ServiceBusReceiveMode.RECEIVE_AND_DELETE
            topic, _, rest = place.partition("/")
            subscription, _, session = rest.partition("/")
            receiver = (
                client.get_subscription_receiver(
                    topic, subscription, session_id=session or None, receive_mode=mode
                )
                if rest
                else client.get_queue_receiver(place, receive_mode=mode, max_wait_time=PATIENCE_S)
            )
            found: Found = {}
            async with receiver:
                while not wanted <= set(found):
                    batch = await receiver.receive_messages(100, max_wait_time=PATIENCE_S)
                    assert batch, f"{sorted(wanted - set(found))} did not arrive at {place}"
                    found |= {str(each.message_id): each for each in batch}
            return {name: found[name] for name in wanted}

        yield receive
