"""The room service's contract, held by the stand-in as a process."""

from collections.abc import Iterator

import pytest

from tests.contract.livekit.room_service_contract import RoomServiceContract
from tests.contract.livekit.servers import Server, stand_in


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with stand_in(tmp_path_factory.mktemp("livekit")) as running:
        yield running


class TestStandIn(RoomServiceContract):
    """See RoomServiceContract."""
