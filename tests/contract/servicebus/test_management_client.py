"""Why the broker has a page of its own: the SDK's management client speaks TLS and nothing else."""

import asyncio
import socket
import threading

import pytest
from azure.core.exceptions import AzureError
from azure.servicebus.aio.management import (
    ServiceBusAdministrationClient as AsyncServiceBusAdministrationClient,
)
from azure.servicebus.management import ServiceBusAdministrationClient

from tests.contract.servicebus.moving import connection_string

TLS_HANDSHAKE = 0x16  # the first byte of a ClientHello (RFC 8446, 5.1)


def first_byte_said(peer: socket.socket, said: list[int]) -> None:
    connection, _ = peer.accept()
    with connection:
        said += connection.recv(1)


def ask(connection: str) -> None:
    with ServiceBusAdministrationClient.from_connection_string(connection) as client:
        client.get_queue("q", retry_total=0)


def ask_with_aio(connection: str) -> None:
    async def asked() -> None:
        async with AsyncServiceBusAdministrationClient.from_connection_string(connection) as client:
            await client.get_queue("q", retry_total=0)

    asyncio.run(asked())


@pytest.mark.parametrize("asking", [ask, ask_with_aio])
def test_it_insists_on_tls_even_with_an_emulator(asking: object) -> None:
    """The day this fails, the broker can serve it: `UseDevelopmentEmulator=true` is in there."""
    assert callable(asking)
    said: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as peer:
        listening = threading.Thread(target=first_byte_said, args=(peer, said), daemon=True)
        listening.start()
        with pytest.raises(AzureError):
            asking(connection_string(f"sb://127.0.0.1:{peer.getsockname()[1]}"))
        listening.join(5)
    assert said == [TLS_HANDSHAKE]
