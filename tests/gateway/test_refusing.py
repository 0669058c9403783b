"""What the gateway refuses, and in which words: the app's own problems."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from local.gateway.policies.rate_limit import MOST_KEYS, Window
from tests.gateway.backend import Backend, answering
from tests.gateway.conftest import ORIGIN, Clock, Started

CLOSED = "http://127.0.0.1:1"
FIRST_ADMINISTRATOR = "/api/v1/auth/first-administrator"


async def refused(answer: aiohttp.ClientResponse, status: int, code: str) -> dict[str, object]:
    """The problem, which is whole and says the same as the head."""
    assert answer.status == status
    assert answer.content_type == "application/problem+json"
    problem: dict[str, object] = await answer.json(content_type=None)
    assert set(problem) == {"type", "title", "status", "detail", "correlation_id"}
    assert problem["type"] == f"/problems/{code}"
    assert problem["status"] == status
    return problem


@pytest.mark.parametrize("authorization", [None, "", "Basic x", "Bearer", "NotBearer x"])
async def test_without_a_bearer_token_nobody_reaches_what_needs_one(
    gateway: str, backend: Backend, client: aiohttp.ClientSession, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    headers["X-Correlation-Id"] = "mine"
    async with client.get(f"{gateway}/api/v1/trips", headers=headers) as answer:
        problem = await refused(answer, 401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["X-Correlation-Id"] == problem["correlation_id"] == "mine"
    assert backend.asked == []


async def test_the_word_bearer_may_be_written_anyhow(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    headers = {"Authorization": "bEARER x"}
    async with client.get(f"{gateway}/api/v1/trips", headers=headers) as answer:
        assert answer.status == 200
    assert len(backend.asked) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/nothing"),
        ("GET", "/api/"),
        ("PUT", "/api/v1/trips"),
        ("HEAD", "/api/health"),
        ("OPTIONS", "/api/health"),
        ("PURGE", "/api/health"),
        ("GET", "/api/v1/trips/"),
        ("POST", FIRST_ADMINISTRATOR),
        ("GET", FIRST_ADMINISTRATOR),
        ("GET", "/api/health/%2e%2e/nothing"),
    ],
)
async def test_what_is_no_operation_is_not_there(
    gateway: str, backend: Backend, client: aiohttp.ClientSession, method: str, path: str
) -> None:
    async with client.request(method, gateway + path) as answer:
        if method == "HEAD":
            assert answer.status == 404
        else:
            await refused(answer, 404, "not-found")
    assert backend.asked == []


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/admin/host/status", "/apiary", "/api", "/runtime/webhooks/durabletask"),
        *("/api/../admin/host/status", "/api/%2e%2e/admin/host/keys", "/api/v1/../../admin"),
    ],
)
async def test_outside_of_the_api_there_is_nothing(
    gateway: str, backend: Backend, client: aiohttp.ClientSession, path: str
) -> None:
    target = URL(gateway + path, encoded=True)
    async with client.get(target, headers={"Authorization": "Bearer x"}) as answer:
        assert answer.status == 404
        assert await answer.json() == {"statusCode": 404, "message": "Resource not found"}
    assert backend.asked == []


async def test_it_says_that_it_runs(gateway: str, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{gateway}/status-0123456789abcdef") as answer:
        assert (answer.status, await answer.text()) == (200, "Service Operational")


async def test_an_app_that_is_down_is_a_503_that_says_when_to_try_again(
    start: Started, client: aiohttp.ClientSession
) -> None:
    gateway = await start(CLOSED)
    async with client.get(f"{gateway}/api/health", headers={"Origin": ORIGIN}) as answer:
        await refused(answer, 503, "unavailable")
        assert answer.headers["Retry-After"] == "5"
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 abc\r\n\r\n",
        b"220 smtp.example.com ready\r\n",
        b"HTTP/1.1 200 OK\r\nX: \xff\xfe\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nnonsense",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    ],
)
async def test_an_app_that_answers_nonsense_is_one_that_does_not_answer(
    start: Started, client: aiohttp.ClientSession, raw: bytes
) -> None:
    async with answering(raw) as url:
        gateway = await start(url)
        async with client.post(f"{gateway}/api/v1/auth/login", data=b"{}") as answer:
            await refused(answer, 503, "unavailable")


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ],
)
async def test_an_app_that_dies_in_the_middle_of_its_answer_leaves_no_whole_one(
    start: Started, client: aiohttp.ClientSession, raw: bytes
) -> None:
    async with answering(raw) as url:
        gateway = await start(url)
        with pytest.raises(aiohttp.ClientError):
            async with client.get(f"{gateway}/api/health") as answer:
                await answer.read()
        async with client.get(f"{gateway}/status-0123456789abcdef") as alive:
            assert alive.status == 200


async def test_an_app_that_says_nothing_is_given_up(
    start: Started, backend: Backend, client: aiohttp.ClientSession
) -> None:
    async def answers(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    backend.answers = answers
    gateway = await start(backend.url, silence_s=0.05)
    async with client.get(f"{gateway}/api/health") as answer:
        await refused(answer, 503, "unavailable")


async def test_who_calls_too_often_waits_as_long_as_it_is_told(
    start: Started, backend: Backend, client: aiohttp.ClientSession, clock: Clock
) -> None:
    gateway = await start(backend.url, calls_per_minute=2)

    async def ask(path: str = "/api/health") -> tuple[int, str | None]:
        async with client.get(gateway + path) as answer:
            if answer.status == 429:
                await refused(answer, 429, "too-many-requests")
            return answer.status, answer.headers.get("Retry-After")

    assert await ask() == (200, None)
    clock.at += 20
    assert await ask("/api/v1/trips") == (401, None)  # a refusal later on counts as well
    assert await ask() == (429, "40")
    clock.at += 38.5
    assert await ask() == (429, "2")
    clock.at += 1
    assert await ask() == (429, "1")
    clock.at += 0.5
    assert await ask() == (200, None)
    assert await ask() == (429, "20")
    assert await ask("/api/v1/nothing") == (404, None)  # no operation, no policy
    assert len(backend.asked) == 2


async def test_without_a_limit_as_on_consumption(
    start: Started, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await start(backend.url, limits_rates=False, calls_per_minute=1)
    for _ in range(3):
        async with client.get(f"{gateway}/api/health") as answer:
            assert answer.status == 200


def test_strangers_do_not_fill_the_memory() -> None:
    window = Window(2, 60, Clock())
    for number in range(MOST_KEYS + 500):
        assert window.take(f"address {number}") == (1, 0)
        if number == MOST_KEYS - 1:
            assert window.take("address 1") == (0, 0)
    assert window.take("address 1") == (0, 60)  # it came back in time
    assert window.take(f"address {MOST_KEYS + 499}") == (0, 0)
    assert window.take(f"address {MOST_KEYS + 499}") == (0, 60)
    assert window.take("address 0") == (1, 0)  # long forgotten
