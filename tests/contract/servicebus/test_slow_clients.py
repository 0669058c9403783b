"""Clients that stop reading, stop speaking or vanish: they cost little, and others nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import pytest

from local.servicebus.codec.types import Described, UInt
from local.servicebus.connection import MOST_UNSENT, SILENCE_S, Connection
from local.servicebus.entities.namespace import Namespace
from local.servicebus.frames import AMQP_HEADER, HEARTBEAT, FrameReader
from local.servicebus.links.outgoing import MOST_REPLIES
from local.servicebus.performatives import Outcome, Performative, parse
from local.servicebus.server import Server
from local.servicebus.settings import QueueSettings, Topology
from tests.contract.servicebus.client_frames import attach, credit, frame, request, transfer
from tests.contract.servicebus.links import until
from tests.contract.servicebus.messages import message
from tests.contract.servicebus.moving import KEY, KEY_NAME, MovedClock
from tests.contract.servicebus.signing import sign

BODY = "x" * 200_000
MANY = 100
GREETING = AMQP_HEADER + frame(Performative.OPEN, ["client", None, UInt(65_536)])
WINDOW = UInt(1_000_000)
SESSION = frame(Performative.BEGIN, [None, UInt(0), WINDOW, WINDOW])
WANTED = frame(Performative.FLOW, [UInt(0), WINDOW, UInt(0), WINDOW, UInt(0), UInt(0), UInt(MANY)])


@dataclass
class Client:
    """The other end of a socket, and the broker's own end of it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    connection: Connection

    def __post_init__(self) -> None:
        self._frames = FrameReader(65_536)
        self._begun = False

    async def next_frame(self) -> tuple[int, list[object]]:
        """(performative, its first eight fields)."""
        while True:
            if self._begun and (found := self._frames.frame()) is not None:
                if found.body:
                    code, fields, _, _ = parse(found.body)
                    return code, [fields[index] for index in range(8)]
                continue
            self._frames.feed(await self.reader.read(65_536))
            self._begun = self._begun or self._frames.protocol_header() is not None

    async def next_of(self, code: Performative) -> list[object]:
        while True:
            found, fields = await self.next_frame()
            if found == code:
                return fields

    @property
    def unsent(self) -> int:
        transport = self.connection._transport
        assert transport is not None
        return transport.get_write_buffer_size() + len(self.connection._out)


@asynccontextmanager
async def serving(*names: str) -> AsyncIterator[Server]:
    namespace = Namespace(
        Topology(queues=tuple(QueueSettings(name) for name in names)), MovedClock()
    )
    server = Server(namespace, {KEY_NAME: KEY})
    await server.start(0)
    try:
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def connected(server: Server, *frames: bytes) -> AsyncIterator[Client]:
    assert server._listener is not None
    port = server._listener.sockets[0].getsockname()[1]
    near = socket.socket()
    near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    near.setblocking(False)
    await asyncio.get_running_loop().sock_connect(near, ("127.0.0.1", port))
    before = set(server._connections)
    reader, writer = await asyncio.open_connection(sock=near, limit=65_536)
    await until(lambda: bool(server._connections - before))
    (connection,) = server._connections - before
    connection._claims.add(sign("sb://host/"))
    client = Client(reader, writer, connection)
    writer.write(b"".join(frames))
    try:
        yield client
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_one_that_stops_reading_gets_it_all_later_and_blocks_nobody() -> None:
    async with serving("big", "other") as server:
        namespace = server.namespace
        namespace.send(namespace.find("big"), [message(BODY) for _ in range(MANY)])
        wish = (GREETING, SESSION, attach(0, "big", receives=True), WANTED)
        async with connected(server, *wish) as slow:
            await until(lambda: slow.connection._paused)
            assert slow.unsent < MOST_UNSENT + 2 * len(BODY)
            held = namespace.find_queue("big").messages.values()
            assert sum(message.lock is not None for message in held) < MANY // 2
            await others_go_on(server)
            assert slow.unsent < MOST_UNSENT + 2 * len(BODY)
            for _ in range(MANY):
                await whole_message(slow)
        await until(lambda: not server._connections)


async def whole_message(client: Client) -> None:
    while (await client.next_of(Performative.TRANSFER))[5]:
        pass


async def others_go_on(server: Server) -> None:
    wish = (attach(0, "other", receives=False), attach(1, "other", receives=True), credit(1, 50))
    async with connected(server, GREETING, SESSION, *wish) as quick:
        for number in range(20):
            quick.writer.write(transfer(0, number, message(f"{number}")))
            await whole_message(quick)


async def test_one_that_dies_while_it_is_sent_to_gives_all_back() -> None:
    async with serving("big") as server:
        queue = server.namespace.find_queue("big")
        server.namespace.send(queue, [message(BODY) for _ in range(MANY)])
        wish = (GREETING, SESSION, attach(0, "big", receives=True), WANTED)
        async with connected(server, *wish) as dying:
            await until(lambda: dying.connection._paused)
            dying.writer.transport.abort()
            await until(lambda: not server._connections)
        assert [held.lock for held in queue.messages.values()] == [None] * MANY


async def test_replies_that_nobody_takes_are_refused_in_the_end() -> None:
    ask = request("peek-message", {"from-sequence-number": 0, "message-count": 1})
    wish = [attach(0, "q/$management", receives=False), attach(1, "q/$management", receives=True)]
    async with serving("q") as server:
        async with connected(server, GREETING, SESSION, *wish) as client:
            outcomes: list[object] = []
            for number in range(MOST_REPLIES + 3):
                client.writer.write(transfer(0, number, ask))
            for _ in range(MOST_REPLIES + 3):
                state = (await client.next_of(Performative.DISPOSITION))[4]
                assert isinstance(state, Described)
                outcomes.append(state.descriptor)
        assert outcomes[:MOST_REPLIES] == [Outcome.ACCEPTED] * MOST_REPLIES
        assert outcomes[-1] == Outcome.REJECTED


class MovedLoop(asyncio.SelectorEventLoop):
    """Its clock can be moved ahead."""

    ahead_s = 0.0

    def time(self) -> float:
        return super().time() + self.ahead_s

    async def move(self, seconds: float) -> None:
        self.ahead_s += seconds
        for _ in range(5):  # timers, the broker's answer to them, and what its peer sees of it
            await asyncio.sleep(0)


async def ended(reader: asyncio.StreamReader) -> None:
    """However TCP puts it, and after whatever was said before."""
    with suppress(ConnectionError):
        while await reader.read(1000):
            pass


@pytest.mark.parametrize("opened", [True, False])
def test_one_that_falls_silent_is_let_go(opened: bool) -> None:
    async def silent() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, MovedLoop)
        async with serving("q") as server, connected(server) as client:
            if opened:
                client.writer.write(GREETING + SESSION)
                said = await client.next_of(Performative.OPEN)
                assert said[4] == 240_000  # clients beat at least so often
                await client.next_of(Performative.BEGIN)
                for _ in range(3):
                    await loop.move(SILENCE_S - 10)
                    client.writer.write(HEARTBEAT)
                    await until(lambda: loop.time() - client.connection._silence._since_s < 1)
                assert server._connections
                await loop.move(SILENCE_S)
                said = await client.next_of(Performative.CLOSE)
                assert "inactive" in str(said[0])  # it may be there, and read this
            else:
                await loop.move(31)
            assert not server._connections
            await ended(client.reader)

    with asyncio.Runner(loop_factory=MovedLoop) as runner:
        runner.run(silent())
