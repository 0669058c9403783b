"""The same seed is the same faults: a whole part twice, asked the same things in the same order."""

import aiohttp

from local.faults.parts import FAULTS
from local.faults.plan import Faults
from local.faults.rules import parsed
from local.livekit.server import application
from local.livekit.tokens import ApiKey
from tests.contract.livekit.servers import KEY, SECRET
from tests.faults.serving import serving

METHODS = ["CreateRoom", "ListRooms", "DeleteRoom"]


async def answers(seed: int) -> list[object]:
    """The statuses and bodies of 120 calls, by nobody: each is refused unless a fault comes first.

    A broken connection is an answer as well.
    """
    rules = [
        {"part": "livekit", "fault": fault, "rate": 0.1, "delay_s": 0.001}
        for fault in FAULTS["livekit"]
    ]
    plan = Faults(parsed({"seed": seed, "rules": rules}), "livekit")
    told: list[object] = []
    async with (
        serving(application(ApiKey(KEY, SECRET), plan=plan)) as url,
        aiohttp.ClientSession() as http,
    ):
        for number in range(120):
            path = f"{url}/twirp/livekit.RoomService/{METHODS[number % 3]}"
            try:
                async with http.post(path, json={}) as answer:
                    told.append((answer.status, await answer.text()))
            except aiohttp.ClientError as error:
                told.append(type(error))
    return told


async def test_the_same_seed_is_the_same_faults() -> None:
    once = await answers(7)
    assert once == await answers(7)
    assert {answer[0] for answer in once if isinstance(answer, tuple)} == {200, 401, 503}
    assert aiohttp.ServerDisconnectedError in once


async def test_another_seed_is_other_faults() -> None:
    assert await answers(7) != await answers(8)
