"""A client with a valid token whose frames are a few bits off harms nobody but itself."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.servicebus.codec.types import Described, UInt, ULong
from local.servicebus.connection import Connection
from local.servicebus.entities.namespace import Namespace
from local.servicebus.frames import AMQP_HEADER
from local.servicebus.performatives import Outcome, Performative
from local.servicebus.server import Server
from local.servicebus.settings import QueueSettings, Topology
from local.servicebus.store import SqliteJournal
from tests.contract.servicebus.client_frames import attach, credit, frame, request, transfer
from tests.contract.servicebus.messages import message
from tests.contract.servicebus.moving import KEY, KEY_NAME, MovedClock
from tests.contract.servicebus.signing import sign

TOPOLOGY = Topology(queues=(QueueSettings("q"), QueueSettings("s", requires_session=True)))


CONVERSATION = [
    frame(Performative.OPEN, ["client", None, UInt(65_536), None, UInt(60_000)]),
    frame(Performative.BEGIN, [None, UInt(0), UInt(100), UInt(100)]),
    attach(0, "q", receives=False),
    transfer(0, 0, message("1", message_id="m", life_ms=1000, due_ms=1, properties={"k": 1})),
    transfer(0, 1, message("2")),
    attach(1, "q", receives=True),
    credit(1),
    frame(Performative.DISPOSITION, [True, UInt(0), UInt(1), False, Described(ULong(0x25), [])]),
    attach(2, "s", receives=False),
    transfer(2, 2, message("3", session="A")),
    attach(3, "s", receives=True, session="A"),
    credit(3),
    frame(
        Performative.DISPOSITION,
        [True, UInt(1), None, False, Described(ULong(Outcome.MODIFIED), [True, False])],
    ),
    attach(4, "q/$management", receives=False),
    attach(5, "q/$management", receives=True),
    credit(5),
    transfer(4, 3, request("peek-message", {"from-sequence-number": 0, "message-count": 5})),
    transfer(4, 4, request("schedule-message", {"messages": [{"message": message(due_ms=9**9)}]})),
    transfer(4, 5, request("renew-lock", {"lock-tokens": []})),
    frame(Performative.DETACH, [UInt(0), True]),
    frame(Performative.END, []),
]


async def talk(frames: list[bytes], journal: SqliteJournal) -> Namespace:
    namespace = Namespace(TOPOLOGY, MovedClock(), journal)
    server = Server(namespace, {KEY_NAME: KEY}, journal)
    connection = Connection(server)
    connection._claims.add(sign("sb://host/"))
    connection.data_received(AMQP_HEADER)
    for piece in frames:
        connection.data_received(piece)
        await asyncio.sleep(0)  # a turn: delivery and commit
    connection.connection_lost(None)
    await server.stop()
    if server.failed.done():
        server.failed.result()
    return namespace


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> SqliteJournal:
    return SqliteJournal(tmp_path_factory.mktemp("hostile") / "servicebus.db")


def test_the_conversation_is_a_good_one(journal: SqliteJournal) -> None:
    namespace = asyncio.run(talk(CONVERSATION, journal))
    assert len(namespace.find_queue("q").messages) == 1  # what was scheduled
    assert len(namespace.find_queue("q/$DeadLetterQueue").messages) == 2
    assert [held.content.body() for held in namespace.find_queue("s").messages.values()] == [b"3"]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(CONVERSATION) - 1), st.integers(8, 400), st.integers(0, 255)),
        min_size=1,
        max_size=6,
    )
)
def test_bits_that_are_off(journal: SqliteJournal, changes: list[tuple[int, int, int]]) -> None:
    frames = [bytearray(piece) for piece in CONVERSATION]
    for which, where, byte in changes:
        size = len(frames[which])
        frames[which][8 + where % (size - 8)] = byte
    asyncio.run(talk([bytes(piece) for piece in frames], journal))
