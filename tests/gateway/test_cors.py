"""Which web pages may call, as a browser would ask."""

import aiohttp
import pytest
from aiohttp import web

from tests.gateway.backend import Backend
from tests.gateway.conftest import ORIGIN, Started

STRANGER = "https://evil.example.com"


def preflight(origin: str, method: str, headers: str | None = None) -> dict[str, str]:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    return asked if headers is None else {**asked, "Access-Control-Request-Headers": headers}


def allowed(answer: aiohttp.ClientResponse) -> dict[str, str]:
    return {
        name.removeprefix("Access-Control-"): value
        for name, value in answer.headers.items()
        if name.startswith("Access-Control-")
    }


@pytest.mark.parametrize("path", ["/api/v1/trips", "/api/v1/trips/7", "/api/health"])
async def test_a_welcome_page_may_ask_for_everything_the_api_uses(
    gateway: str, backend: Backend, client: aiohttp.ClientSession, path: str
) -> None:
    headers = preflight(ORIGIN, "PATCH", "If-Match, authorization,content-type")
    async with client.options(gateway + path, headers=headers) as answer:
        assert answer.status == 200
        assert allowed(answer) == {
            "Allow-Origin": ORIGIN,
            "Allow-Methods": "PATCH",
            "Allow-Headers": "authorization,content-type,if-match",
            "Max-Age": "3600",
        }
        assert answer.headers["Vary"] == "Origin"
    assert backend.asked == []  # and it needs no token


@pytest.mark.parametrize(
    "headers",
    [
        preflight(STRANGER, "GET"),
        preflight("null", "GET"),
        preflight(f"{ORIGIN}.evil.example", "GET"),
        preflight(ORIGIN, "PUT"),
        preflight(ORIGIN, "GET", "x-functions-key"),
    ],
)
async def test_a_browser_that_may_not_is_told_nothing(
    gateway: str, client: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    async with client.options(f"{gateway}/api/v1/trips", headers=headers) as answer:
        assert (answer.status, allowed(answer), await answer.read()) == (200, {}, b"")


async def test_a_welcome_page_may_read_what_it_needs(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    async with client.get(f"{gateway}/api/health", headers={"Origin": ORIGIN}) as answer:
        assert allowed(answer) == {
            "Allow-Origin": ORIGIN,
            "Expose-Headers": "ETag,Location,Retry-After,X-Correlation-Id",
        }
    assert len(backend.asked) == 1


async def test_what_the_app_says_of_other_pages_does_not_count(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    async def answers(_: web.Request) -> web.StreamResponse:
        return web.Response(headers={"access-control-allow-origin": "*", "Vary": "Accept"})

    backend.answers = answers
    async with client.get(f"{gateway}/api/health", headers={"Origin": ORIGIN}) as answer:
        assert answer.headers.getall("Access-Control-Allow-Origin") == [ORIGIN]
        assert answer.headers.getall("Vary") == ["Accept", "Origin"]


async def test_refusals_can_be_read_by_a_welcome_page(
    gateway: str, client: aiohttp.ClientSession
) -> None:
    async with client.get(f"{gateway}/api/v1/trips", headers={"Origin": ORIGIN}) as answer:
        assert answer.status == 401
        assert allowed(answer)["Allow-Origin"] == ORIGIN


async def test_a_strangers_page_gets_nothing_at_all(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    """`terminate-unmatched-request`: an empty 200, and the app never hears of it."""
    async with client.get(f"{gateway}/api/health", headers={"Origin": STRANGER}) as answer:
        assert (answer.status, allowed(answer), await answer.read()) == (200, {}, b"")
    assert backend.asked == []


async def test_other_methods_of_strangers_go_on_without_leave_to_read(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    """As the reference words it, only GET and HEAD end at the gateway."""
    headers = {"Origin": STRANGER}
    async with client.post(f"{gateway}/api/v1/auth/login", headers=headers) as answer:
        assert allowed(answer) == {}
    assert len(backend.asked) == 1


async def test_without_origins_the_apis_own_page_is_welcome(
    start: Started, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await start(backend.url, origins=(), public_base_url="http://127.0.0.1:7080")
    headers = {"Origin": "http://127.0.0.1:7080"}
    async with client.get(f"{gateway}/api/health", headers=headers) as answer:
        assert allowed(answer)["Allow-Origin"] == "http://127.0.0.1:7080"
