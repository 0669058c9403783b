"""The log of parts that really run, and its live stream."""

import asyncio
import json
from typing import Any

import aiohttp

from local.board.surroundings import Surroundings
from tests.board.asking import Board, board_of
from tests.board.conftest import Lived
from tests.board.test_looking import planning
from tests.board.written import line


async def test_filters_and_pages(board: Board) -> None:
    correlation_id = await planning(board)
    found = await board.get(f"/api/log?correlation_id={correlation_id}&limit=500")
    assert {each["correlation_id"] for each in found["items"]} == {correlation_id}
    events = [each["event"] for each in found["items"]]
    assert {"http.answered", "invocation"} <= set(events)
    ids = [each["id"] for each in found["items"]]
    assert ids == sorted(ids, reverse=True)
    first = await board.get(f"/api/log?correlation_id={correlation_id}&limit=2")
    rest = await board.get(
        f"/api/log?correlation_id={correlation_id}&limit=500&before={first['before']}"
    )
    assert [each["id"] for each in first["items"] + rest["items"]] == ids
    assert rest["before"] is None
    plan = await board.get("/api/log?function=trips_plan&limit=1000")
    assert {each["function"] for each in plan["items"]} == {"trips_plan"}
    parts = {each["part"] for each in (await board.get("/api/log?limit=1000"))["items"]}
    assert {"host", "azurite"} <= parts


async def events_of(response: aiohttp.ClientResponse) -> Any:
    """The next event: its id, and what it says."""
    number = None
    async for raw in response.content:
        if raw.startswith(b"id: "):
            number = int(raw[4:])
        if raw.startswith(b"data: "):
            return number, json.loads(raw[6:])
    raise AssertionError("the stream has ended")


async def test_a_new_line_is_streamed_to_those_who_want_it(board: Board, lived: Lived) -> None:
    url = f"{board.url}/api/log/stream?text=only-this-one&correlation_id=c-stream"
    async with asyncio.timeout(20), board.session.get(url) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        await response.content.readline()  # it has begun
        master_key = lived.azure.keys.master_key
        with lived.azure.log("tsa").open("ab") as log:
            log.write(line(0, event="only-this-one", correlation_id="c-other") + b"\n")
            fields = {"correlation_id": "c-stream", "said": f"with {master_key} in it"}
            log.write(line(1, event="only-this-one", **fields) + b"\n")
        number, item = await events_of(response)
    assert item["id"] == number
    assert (item["part"], item["correlation_id"]) == ("tsa", "c-stream")
    assert item["fields"]["said"] == "with (hidden) in it"


async def test_a_stream_goes_on_where_it_broke_off(board: Board) -> None:
    older, newer = (await board.get("/api/log?limit=2"))["items"][::-1]
    after = {"Last-Event-ID": str(older["id"])}
    url = f"{board.url}/api/log/stream"
    async with asyncio.timeout(20), board.session.get(url, headers=after) as response:
        number, item = await events_of(response)
    assert (number, item["event"]) == (newer["id"], newer["event"])


async def test_a_board_that_ends_lets_its_readers_go(lived: Lived) -> None:
    surroundings: Surroundings = lived.surroundings
    async with aiohttp.ClientSession() as session:
        async with asyncio.timeout(20), board_of(surroundings) as ending:
            response = await session.get(f"{ending.url}/api/log/stream")
            await response.content.readline()
        assert (await response.content.read()).count(b"data:") >= 0
        response.close()
