"""The same contract, and the same webhooks, asked of livekit-server itself.

`LIVEKIT_SERVER_BINARY` names it. With Go 1.26 it is made by
`GOBIN=/somewhere go install github.com/livekit/livekit-server/cmd/server@v1.13.5`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from livekit import api

from tests.contract.livekit.receiver import Receiver
from tests.contract.livekit.room_service_contract import RoomServiceContract
from tests.contract.livekit.servers import BINARY, KEY, SECRET, Server, real_server

pytestmark = pytest.mark.skipif(
    not os.environ.get(BINARY), reason=f"{BINARY} does not name a livekit-server binary"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with real_server(tmp_path_factory.mktemp("livekit-server")) as running:
        yield running


class TestRealServer(RoomServiceContract):
    """See RoomServiceContract."""


async def test_room_webhooks(hooks: Receiver, tmp_path: Path) -> None:
    with real_server(tmp_path, hooks.url) as server:
        async with api.LiveKitAPI(server.url, KEY, SECRET) as client:
            room = await client.room.create_room(api.CreateRoomRequest(name="a", metadata="m"))
            await client.room.delete_room(api.DeleteRoomRequest(room="a"))
            assert await hooks.names(2) == ["room_started", "room_finished"]
    assert [event.room.sid for event in hooks.events] == [room.sid, room.sid]
    assert all(event.id.startswith("EV_") for event in hooks.events)
    assert hooks.headers[0]["Content-Type"] == "application/webhook+json"
