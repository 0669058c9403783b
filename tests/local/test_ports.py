"""Ports: the usual ones, free ones, and a taken one told by number and name."""

import os
import socket
from dataclasses import asdict, replace

import pytest

from local.ports import HERE, Ports, PortTaken, free, free_ports, holder, must_be_free


def test_the_usual_ports_are_all_different() -> None:
    ports = list(asdict(Ports()).values())
    assert len(set(ports)) == len(ports)


def test_free_ports_are_different_and_free() -> None:
    found = free_ports()
    assert len(set(asdict(found).values())) == len(asdict(found))
    must_be_free(found)


@pytest.mark.parametrize("name", list(asdict(Ports())))
def test_a_taken_port_is_told_with_its_part_and_who_holds_it(name: str) -> None:
    with socket.socket() as other:
        other.bind((HERE, 0))
        other.listen()
        number = other.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            must_be_free(replace(free_ports(), **{name: number}))
        must_be_free(replace(free_ports(), **{name: number}), without=[name])
    first, remedy = str(refused.value).splitlines()
    assert first.startswith(f"Port {number} ({name}) is in use by `")
    assert first.endswith(f"(pid {os.getpid()}).")
    assert len(first) < 140
    assert "--free-ports" in remedy


def test_every_taken_port_is_told() -> None:
    with socket.socket() as one, socket.socket() as two:
        for each in (one, two):
            each.bind((HERE, 0))
            each.listen()
        first, second = one.getsockname()[1], two.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            must_be_free(replace(free_ports(), host=first, tsa=second))
    lines = str(refused.value).splitlines()
    assert [line.partition(" is")[0] for line in lines[:2]] == [
        f"Port {first} (host)",
        f"Port {second} (tsa)",
    ]


def test_who_listens_is_not_known_where_nobody_does() -> None:
    (number,) = free(1)
    assert holder(number) == ""


def test_a_port_that_was_just_left_is_free() -> None:
    """Connections that linger after their end must not keep anybody from starting again."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((HERE, 0))
        server.listen()
        number = server.getsockname()[1]
        with socket.create_connection((HERE, number)):
            connection, _ = server.accept()
            connection.close()  # the side that closes first is the one whose port lingers
    must_be_free(replace(free_ports(), host=number))
