"""Nobody learns from an answer, or from the work it takes, whether somebody has a login."""

import json
import statistics
import time
from collections.abc import Awaitable, Callable

import pytest

from functions.auth.api import recovery
from functions.auth.domain.guessing import OF_ACCOUNT
from functions.auth.wiring import guesses, hashes, logins
from tests.auth.counting import Cost, CountedHashes
from tests.auth.people import PASSWORD, change, create, log_in
from tests.support.cosmos_requests import requests_to_cosmos
from tests.support.http import Answer, call

pytestmark = pytest.mark.usefixtures("records")
SLOWER = 2.0  # without its hash an answer comes some ten times faster
ROUNDS = 15
Attempt = Callable[..., Awaitable[Answer]]


def here(turn: int = 0) -> dict[str, str]:
    """Each turn from another network address, so that none is locked."""
    return {"x_forwarded_for": f"10.0.0.{turn}"}


async def unknown_user(tenant: str, turn: int = 0) -> Answer:
    return await log_in(tenant, "nobody@example.com", **here(turn))


async def wrong_password(tenant: str, turn: int = 0) -> Answer:
    return await log_in(tenant, "ann@example.com", "wrong horse battery", **here(turn))


async def disabled_user(tenant: str, turn: int = 0) -> Answer:
    return await log_in(tenant, "bob@example.com", **here(turn))


async def locked_account(tenant: str, turn: int = 0) -> Answer:
    return await log_in(tenant, "cid@example.com", PASSWORD, **here(turn))


ATTEMPTS: list[Attempt] = [unknown_user, wrong_password, disabled_user, locked_account]


@pytest.fixture
async def people(tenant: str) -> str:
    """One whose password is not known, one who is disabled, one whose account is locked."""
    await create(tenant)
    await change(tenant, await create(tenant, "bob@example.com"), active=False)
    await create(tenant, "cid@example.com")
    for _ in range(OF_ACCOUNT.most_failures):
        await log_in(tenant, "cid@example.com", "wrong")
    return tenant


def told(answer: Answer) -> tuple[int, str, dict[str, str]]:
    """All of an answer but what is new each time."""
    body = {**answer.json, "correlation_id": ""}
    headers = {**answer.headers, "X-Correlation-Id": ""}
    return answer.status, json.dumps(body), headers


async def test_every_failure_is_told_the_same(people: str) -> None:
    answers = [told(await attempt(people)) for attempt in ATTEMPTS]
    counted = {"RateLimit": ""}  # how many are left is less each time
    assert len({(status, body) for status, body, _ in answers}) == 1
    assert [{**headers, **counted} for *_, headers in answers] == [
        {**answers[0][2], **counted} for _ in answers
    ]


async def test_every_failure_takes_the_same_work(people: str) -> None:
    """One slow hash, and the same requests to the database, at the first failure and later."""
    cost = Cost()
    logins.forget()
    work: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    with hashes.replaced_by(CountedHashes(cost)), requests_to_cosmos() as requests:
        for attempt in [*ATTEMPTS, *ATTEMPTS]:
            cost.forget()
            requests.forget()
            await attempt(people)
            work.setdefault(attempt.__name__, []).append((cost.hashes, tuple(requests.asked)))
    logins.forget()
    assert len({each for done in work.values() for each in done}) == 1
    hashed, asked = work["unknown_user"][0]
    assert (hashed, len(asked)) == (1, 2)


async def test_asking_for_a_reset_takes_the_same_work_and_tells_the_same(people: str) -> None:
    done = set()
    with requests_to_cosmos() as requests:
        for email in ("ann@example.com", "bob@example.com", "nobody@example.com"):
            requests.forget()
            wish = {"email": email, "tenant_id": people}
            answer = await call(recovery.ask_reset, wish)
            done.add((answer.status, answer.body, tuple(requests.asked)))
    assert len(done) == 1


async def test_no_answer_comes_in_half_the_time_of_another(people: str) -> None:
    """In turn, so that whatever else the machine does slows all of them."""
    took: dict[str, list[float]] = {attempt.__name__: [] for attempt in ATTEMPTS}
    for attempt in ATTEMPTS:
        await attempt(people)
    for turn in range(1, ROUNDS + 1):
        for attempt in ATTEMPTS:
            began = time.perf_counter()
            await attempt(people, turn)
            took[attempt.__name__].append(time.perf_counter() - began)
        await forgotten(people, "ann@example.com")
    medians = {name: statistics.median(times) for name, times in took.items()}
    assert max(medians.values()) / min(medians.values()) < SLOWER, medians


async def forgotten(tenant: str, email: str) -> None:
    """So that this account is never locked."""
    await guesses().forgotten(await guesses().knocking(tenant, email, ""))
