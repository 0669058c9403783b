"""What auth costs, side by side in one run: verifying, logging in, refreshing, being refused.

`python -m benchmarks.auth [rounds]` runs the app's own services over the local Cosmos emulator, and
ends by itself. Processor time is of this process alone: that is what a core has to spend. Whether
refusals differ in time is told by the statistic of Kolmogorov and Smirnov: how far apart two
distributions are at most, from 0 to 1, beside what chance alone brings once in a thousand times.
"""

import asyncio
import logging
import statistics
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Awaitable, Callable
from itertools import combinations
from math import log, sqrt
from pathlib import Path

from functions.auth.domain.guessing import OF_ACCOUNT
from functions.auth.domain.refusals import LoginFailed
from functions.auth.models.logins import Login, TokensView
from functions.auth.models.users import ChangeUser, CreateUser
from functions.auth.service.ports import Client
from functions.auth.wiring import guesses, hashes, logins, people, sessions
from local.provision import provision
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from shared.identity.verifying import verifier
from shared.platform import clients
from tests.support.azure import configured, cosmos_connection, running_cosmos

TENANT, PASSWORD = "bench", "correct horse battery"
WARM, LEAST_SHARE, MOST_MICROSECONDS = 100_000, 0.9, 5.0
CHANCE = 0.001
BATCH, AT_ONCE = 20, 8


async def log_in(name: str, password: str = PASSWORD, turn: int = 0) -> TokensView:
    """Each turn from another network address, so that none of them is locked; 0 from none."""
    wish = Login(email=f"{name}@example.com", password=password, tenant_id=TENANT)
    address = f"10.0.{turn >> 8}.{turn & 255}" if turn else ""
    return await logins().log_in(wish, Client("benchmark", address))


async def refused(name: str, password: str, turn: int = 0) -> None:
    try:
        await log_in(name, password, turn)
    except LoginFailed:
        return
    raise AssertionError(f"{name} was let in")


async def made() -> None:
    """One user for each way to be refused, and one who gets in."""
    admin = Caller("bench", TENANT, frozenset({Role.ADMIN}))
    for name in ("ann", "wrong", "disabled", "locked"):
        wish = CreateUser(
            email=f"{name}@example.com",
            name="Somebody",
            roles=frozenset({Role.MEMBER}),
            password=PASSWORD,
        )
        created, _ = await people().create(admin, wish)
        if name == "disabled":
            disabled = ChangeUser(active=False)
            await people().change(admin, created.document.id, disabled, created.etag)


async def verifying() -> None:
    """Of a token that was seen before, as all but the first request of a quarter of an hour."""
    header = f"Bearer {(await log_in('ann')).access_token}"
    verify = verifier()
    await verify(header)
    began = time.perf_counter()
    for _ in range(WARM):
        await verify(header)
    each = (time.perf_counter() - began) / WARM * 1e6
    print(f"warm verification    {each:8.2f} µs       at most {MOST_MICROSECONDS:g}")


async def processor_ms(times: int, do: Callable[[], Awaitable[object]], at_once: int = 1) -> float:
    """Of this process, all its threads together, for each time."""
    turn = asyncio.Semaphore(at_once)

    async def once() -> None:
        async with turn:
            await do()

    began = time.process_time()
    await asyncio.gather(*(once() for _ in range(times)))
    return (time.process_time() - began) / times * 1000


async def logging_in(rounds: int) -> None:
    """Several at once, as under load, and both in turn, so that they meet the same machine."""
    kept, hashed, logged_in = await hashes().hash(PASSWORD), [], []
    for _ in range(max(1, rounds // BATCH)):
        hashed.append(await processor_ms(BATCH, lambda: hashes().fits(PASSWORD, kept), AT_ONCE))
        logged_in.append(await processor_ms(BATCH, lambda: log_in("ann"), AT_ONCE))
    bare, whole = statistics.median(hashed), statistics.median(logged_in)
    print(f"one Argon2id hash    {bare:8.2f} ms/core  {1000 / bare:.0f} a second")
    print(f"one login            {whole:8.2f} ms/core  {1000 / whole:.0f} a second")
    print(f"login against hash   {bare / whole:8.2f}          at least {LEAST_SHARE:g}")


async def refreshing(rounds: int) -> None:
    last = await log_in("ann")

    async def once() -> None:
        nonlocal last
        last = await sessions().refresh(last.refresh_token)

    took = await processor_ms(rounds, once)
    print(f"one refresh          {took:8.2f} ms/core  {1000 / took:.0f} a second")


async def being_refused(rounds: int) -> None:
    """Unknown, disabled, locked and wrong in turn: what somebody outside could measure."""
    ways = dict.fromkeys(("nobody", "disabled", "locked"), PASSWORD)
    ways["wrong"] = "wrong horse battery"
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(1, rounds + 1):
        if turn % BATCH == 1:
            await failed("locked", OF_ACCOUNT.most_failures)
        for name, password in ways.items():
            if name != "locked":
                await failed(name, 1)
            began = time.perf_counter()
            await refused(name, password, turn)
            times[name].append((time.perf_counter() - began) * 1000)
    for name, took in times.items():
        print(f"refused: {name:<11} {statistics.median(took):8.2f} ms")
    bound = by_chance(rounds, rounds)
    for one, other in combinations(times, 2):
        apart = farthest(times[one], times[other])
        print(f"{one} and {other}: {apart:.3f} apart, by chance up to {bound:.3f}")


async def failed(name: str, times: int) -> None:
    """So often, whatever was before: all have failed, and one so often that it is locked."""
    knocking = await guesses().knocking(TENANT, f"{name}@example.com", "")
    await guesses().forgotten(knocking)
    for _ in range(times):
        await refused(name, "wrong horse battery")


def farthest(one: list[float], other: list[float]) -> float:
    """The two-sample statistic of Kolmogorov and Smirnov."""
    first, second = sorted(one), sorted(other)
    return max(
        abs(bisect_right(first, at) / len(first) - bisect_right(second, at) / len(second))
        for at in first + second
    )


def by_chance(one: int, other: int) -> float:
    """What two samples of the same distribution exceed once in a thousand times (Smirnov)."""
    return sqrt(-log(CHANCE / 2) / 2 * (one + other) / (one * other))


async def measured(rounds: int) -> None:
    logging.getLogger("collab").propagate = False  # written as ever, and not shown between figures
    logging.getLogger("collab").addHandler(logging.NullHandler())
    await made()
    await verifying()
    await logging_in(rounds)
    await refreshing(rounds)
    await being_refused(rounds)
    await clients.close_all()


def main(rounds: int = 300) -> None:
    with tempfile.TemporaryDirectory() as kept, running_cosmos(Path(kept)) as cosmos:
        connection = cosmos_connection(cosmos.ready["url"])
        with configured(
            COSMOS=connection,
            PUBLIC_BASE_URL="http://127.0.0.1:7071",
            AUTH_KEY_FOLDER=f"{kept}/keys",
        ):
            asyncio.run(provision(cosmos=connection, blob=None))
            asyncio.run(measured(rounds))


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:2]))
