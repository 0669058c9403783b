"""Clients that do not behave: raw bytes on the socket, and the broker that outlives them."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from local import process
from local.servicebus.codec.encode import composite
from local.servicebus.codec.types import Described, Symbol, UInt, ULong
from local.servicebus.frames import AMQP_HEADER, SASL_HEADER, frame_bytes
from local.servicebus.performatives import Performative, parse

OPEN = frame_bytes(composite(Performative.OPEN, ["test", None, UInt(65_536)]))
BEGIN = frame_bytes(composite(Performative.BEGIN, [None, UInt(0), UInt(100), UInt(100)]))


@contextmanager
def dialled(broker: process.Process) -> Iterator[socket.socket]:
    address = urlsplit(broker.ready["url"])
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as peer:
        yield peer


def frames(peer: socket.socket, until: Performative) -> list[tuple[int, list[object]]]:
    """Performatives up to the wanted one, or to the end of the connection."""
    stream, found = peer.makefile("rb"), []
    while head := stream.read(4):
        if head == b"AMQP":
            stream.read(4)
            continue
        frame = stream.read(int.from_bytes(head) - 4)
        code, fields, _, _ = parse(frame[4:])
        found.append((code, [fields[index] for index in range(8)]))
        if code == until:
            break
    return found


@pytest.mark.parametrize(
    "noise",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        AMQP_HEADER + b"\x00\x00\x00\x01\x02\x00\x00\x00",
        AMQP_HEADER + b"\xff\xff\xff\xff\x02\x00\x00\x00",
        AMQP_HEADER + b"\x00\x00\x00\x08\x09\x00\x00\x00",
        AMQP_HEADER + frame_bytes(b"\x00\x53\x10\xa0\x01x"),
        AMQP_HEADER + OPEN + BEGIN + BEGIN,
        AMQP_HEADER + OPEN + BEGIN + frame_bytes(composite(0x99, [])),
        AMQP_HEADER + OPEN + BEGIN + frame_bytes(composite(Performative.ATTACH, [None, UInt(1)])),
        SASL_HEADER + frame_bytes(composite(Performative.SASL_OUTCOME, []), kind=1),
        SASL_HEADER + OPEN,
        AMQP_HEADER + os.urandom(4000),
    ],
)
def test_nonsense_ends_only_its_own_connection(broker: process.Process, noise: bytes) -> None:
    with dialled(broker) as peer:
        peer.sendall(noise)
        peer.shutdown(socket.SHUT_WR)
        said = frames(peer, Performative.CLOSE)
    if said and said[-1][0] == Performative.CLOSE:
        assert isinstance(said[-1][1][0], Described | None)
    assert httpx.get(broker.ready["admin"] + "/_local/health").status_code == 200


def test_without_a_token_nothing_is_reached(broker: process.Process) -> None:
    source = Described(ULong(0x28), ["plain-0"])
    target = Described(ULong(0x29), ["plain-0"])
    attach = composite(Performative.ATTACH, ["link", UInt(0), True, None, None, source, target])
    with dialled(broker) as peer:
        peer.sendall(AMQP_HEADER + OPEN + BEGIN + frame_bytes(attach))
        said = dict(frames(peer, Performative.DETACH))
    assert said[Performative.ATTACH][5] is None  # no source: there is no link
    reason = said[Performative.DETACH][2]
    assert isinstance(reason, Described)
    assert isinstance(reason.value, list)
    assert reason.value[0] == Symbol("amqp:unauthorized-access")
    assert reason.value[2] == {}  # the SDK hangs without a third field


def test_a_heartbeat_is_kept(broker: process.Process) -> None:
    patient = composite(Performative.OPEN, ["test", None, UInt(65_536), None, UInt(1000)])
    with dialled(broker) as peer:
        peer.sendall(AMQP_HEADER + frame_bytes(patient))
        stream = peer.makefile("rb")
        assert stream.read(8) == AMQP_HEADER
        size = int.from_bytes(stream.read(4))
        stream.read(size - 4)
        assert stream.read(8) == b"\x00\x00\x00\x08\x02\x00\x00\x00"
