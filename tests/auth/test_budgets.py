"""What logging in and staying in costs, counted where the SDK meets the network."""

from collections.abc import Awaitable, Callable, Generator

import pytest

from functions.auth.api import introspection, logins, users
from tests.auth.people import bearer, create, log_in, me, refresh
from tests.support.cosmos_requests import Requests, requests_to_cosmos
from tests.support.http import Answer, call

pytestmark = pytest.mark.usefixtures("records")
HERE = {"x_forwarded_for": "203.0.113.20:443"}


@pytest.fixture
async def cost(tenant: str) -> Requests:
    """From here on; what the SDK asks once for each container is asked."""
    await create(tenant, "warm@example.com")
    await refresh(await log_in(tenant, "warm@example.com"))
    return Requests()


@pytest.fixture
def counted(cost: Requests) -> Generator[Requests]:
    with requests_to_cosmos() as seen:
        yield seen


async def test_a_login_asks_cosmos_at_most_three_times(tenant: str, counted: Requests) -> None:
    await create(tenant)
    counted.forget()
    assert (await log_in(tenant, **HERE)).status == 200
    assert len(counted.asked) == 2

    await log_in(tenant, password="wrong", **HERE)
    counted.forget()
    assert (await log_in(tenant, **HERE)).status == 200
    assert len(counted.asked) == 3


async def test_a_login_that_fails_asks_twice(tenant: str, counted: Requests) -> None:
    await create(tenant)
    for email in ("ann@example.com", "nobody@example.com"):
        for _ in range(7):
            counted.forget()
            assert (await log_in(tenant, email, "wrong", **HERE)).code == "login-failed"
            assert len(counted.asked) == 2


async def test_a_refresh_asks_twice(tenant: str, counted: Requests) -> None:
    await create(tenant)
    tokens = await log_in(tenant)
    for _ in range(3):
        counted.forget()
        tokens = await refresh(tokens)
        assert tokens.status == 200
        assert len(counted.asked) == 2


async def test_a_token_that_is_none_asks_nothing(tenant: str, counted: Requests) -> None:
    tokens = await log_in(tenant, "warm@example.com")
    counted.forget()
    for token in ("", "made up", tokens.json["access_token"]):
        assert (await call(logins.refresh, {"refresh_token": token})).code == "session-ended"
        headers = {"authorization": f"Bearer {token}x"}
        assert (await call(users.list_users, method="GET", headers=headers)).status == 401
    assert counted.asked == []


async def forbidden(tokens: Answer) -> int:
    return (await call(users.list_users, method="GET", headers=bearer(tokens))).status


async def introspected(tokens: Answer) -> int:
    return (await call(introspection.verify, {"token": tokens.json["access_token"]})).status


@pytest.mark.parametrize(("asked", "status"), [(forbidden, 403), (introspected, 200)])
async def test_who_somebody_is_costs_no_request(
    tenant: str, counted: Requests, asked: Callable[[Answer], Awaitable[int]], status: int
) -> None:
    """Two hundred requests of somebody with a login: none to the database but to follow it."""
    tokens = await log_in(tenant, "warm@example.com")
    counted.forget()
    assert {await asked(tokens) for _ in range(200)} == {status}
    assert counted.asked == []
    assert len(counted.followed) <= 20


async def test_a_request_costs_what_it_reads_and_no_more(tenant: str, counted: Requests) -> None:
    tokens = await log_in(tenant, "warm@example.com")
    counted.forget()
    assert (await me(tokens)).status == 200
    assert len(counted.asked) == 1
