"""The index keeps up with the files; times give the order in which parts are read at the start."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from local.board.log.following import Following
from local.board.log.index import LogIndex
from local.board.log.tail import Tails
from local.board.log.wanted import Wanted
from tests.board.written import at, line


@pytest.fixture
async def following(tmp_path: Path) -> AsyncGenerator[Following]:
    found = Following(Tails(tmp_path), LogIndex(), clock=lambda: at(60))
    yield found
    found.tails.close()


def texts(following: Following) -> list[str]:
    return [each.event or each.text for each in following.index.newest(Wanted())][::-1]


async def test_at_the_start_all_files_are_read_in_the_order_of_time(
    following: Following, tmp_path: Path
) -> None:
    (tmp_path / "host.log").write_bytes(line(1, event="h1") + b"\n" + line(3, event="h3") + b"\n")
    (tmp_path / "cosmos.log").write_bytes(
        b"2026-11-20T14:00:02Z ERROR c2\n  and more of c2\n2026-11-20T14:00:04Z INFO c4\n"
    )
    await following.begin()
    assert texts(following) == [
        "h1",
        "2026-11-20T14:00:02Z ERROR c2",
        "  and more of c2",
        "h3",
        "2026-11-20T14:00:04Z INFO c4",
    ]
    assert [each.level for each in following.index.newest(Wanted(level="ERROR"))] == ["ERROR"] * 2


async def test_those_who_wait_hear_of_a_new_line(following: Following, tmp_path: Path) -> None:
    await following.begin()
    waiting = asyncio.ensure_future(following.wait_beyond(following.index.last_id, 30))
    assert await following.look() == 0
    (tmp_path / "host.log").write_bytes(line(5, event="new") + b"\n")
    assert await following.look() == 1
    assert await waiting
    assert texts(following) == ["new"]


async def test_those_who_wait_are_let_go_in_the_end(following: Following) -> None:
    waiting = asyncio.ensure_future(following.wait_beyond(following.index.last_id, 30))
    await asyncio.sleep(0)
    await following.close()
    assert not await waiting


async def test_patience_ends(following: Following) -> None:
    assert not await following.wait_beyond(following.index.last_id, 0.001)


async def test_a_line_without_a_time_is_dated_when_it_is_read(
    following: Following, tmp_path: Path
) -> None:
    await following.begin()
    (tmp_path / "tsa.log").write_bytes(b"INFO a request\n")
    await following.look()
    assert next(iter(following.index.newest(Wanted()))).at == at(60)
