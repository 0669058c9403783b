"""Credit, drain and windows: how much a client is sent, and when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from local.servicebus.codec.types import UInt
from local.servicebus.connection import Connection
from local.servicebus.entities.namespace import Namespace
from local.servicebus.frames import AMQP_HEADER, FrameReader
from local.servicebus.performatives import Performative, parse
from local.servicebus.server import Server
from local.servicebus.settings import QueueSettings, Topology
from tests.contract.servicebus.client_frames import attach, credit, frame
from tests.contract.servicebus.messages import message
from tests.contract.servicebus.moving import KEY, KEY_NAME, MovedClock
from tests.contract.servicebus.signing import sign


class Wire(asyncio.Transport):
    """Keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = FrameReader(65_536)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.reader.feed(bytes(data).removeprefix(AMQP_HEADER))

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """It is never full."""

    def abort(self) -> None:
        """Nothing is on its way."""

    def said(self) -> list[tuple[int, int | None]]:
        """(performative, a flow's link credit) of each frame since the last time."""
        found = []
        while (piece := self.reader.frame()) is not None:
            code, fields, _, _ = parse(piece.body)
            found.append((code, fields.number(6) if code == Performative.FLOW else None))
        return found


class Talk:
    """A connection with a receiver on a queue of `count` messages."""

    def __init__(self, server: Server, wire: Wire) -> None:
        self._connection = Connection(server)
        self._wire = wire
        self._connection.connection_made(wire)
        self._connection._claims.add(sign("sb://host/"))

    async def say(self, *frames: bytes) -> list[tuple[int, int | None]]:
        self._connection.data_received(b"".join(frames))
        await asyncio.sleep(0)  # the turn
        return self._wire.said()


@asynccontextmanager
async def receiving(count: int, *, window: int) -> AsyncIterator[Talk]:
    namespace = Namespace(Topology(queues=(QueueSettings("q"),)), MovedClock())
    namespace.send(namespace.find("q"), [message(f"{number}") for number in range(count)])
    server = Server(namespace, {KEY_NAME: KEY})
    talk = Talk(server, Wire())
    begin: list[object] = [None, UInt(0), UInt(window), UInt(100)]
    opened = await talk.say(
        AMQP_HEADER,
        frame(Performative.OPEN, ["client"]),
        frame(Performative.BEGIN, begin),
        attach(0, "q", receives=True),
    )
    assert [code for code, _ in opened] == [
        Performative.OPEN,
        Performative.BEGIN,
        Performative.ATTACH,
    ]
    yield talk
    await server.stop()


TRANSFER, FLOW = (Performative.TRANSFER, None), Performative.FLOW


async def test_credit_is_all_that_is_sent() -> None:
    async with receiving(5, window=100) as client:
        assert await client.say(credit(0, 2)) == [TRANSFER] * 2
        assert await client.say(credit(0, 2)) == []  # the same two, already used
        assert await client.say(credit(0, 4)) == [TRANSFER] * 2


async def test_drained_credit_is_gone() -> None:
    async with receiving(2, window=100) as client:
        assert await client.say(credit(0, 10, drain=True)) == [TRANSFER, TRANSFER, (FLOW, 0)]
        assert await client.say(credit(0, 10, drain=True)) == []  # long used up


async def test_a_full_window_waits() -> None:
    async with receiving(5, window=2) as client:
        narrow: list[object] = [UInt(0), UInt(2), UInt(0), UInt(100), UInt(0), UInt(0), UInt(10)]
        assert await client.say(frame(Performative.FLOW, narrow)) == [TRANSFER] * 2
        wider: list[object] = [UInt(2), UInt(100), UInt(0), UInt(100)]
        assert await client.say(frame(Performative.FLOW, wider)) == [TRANSFER] * 3
