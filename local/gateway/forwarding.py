"""Requests to the app's host and its answers back, both as streams, nothing held in memory."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from local.gateway.exchange import Exchange
from local.gateway.intake import end_to_end, is_text
from local.gateway.refusals import Refusal

CONNECT_S = 5.0
SILENCE_S = 300.0  # of forward-request's reference: its timeout, where a policy names none
LARGEST_HEADER = 64 * 1024
AUTOMATIC = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Upstream:
    """The app's host at `url`, without a path."""

    def __init__(self, url: str, silence_s: float = SILENCE_S) -> None:
        self._url = url.rstrip("/")
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=silence_s)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=timeout,
            auto_decompress=False,
            skip_auto_headers=AUTOMATIC,
            max_line_size=LARGEST_HEADER,
            max_field_size=LARGEST_HEADER,
        )

    async def close(self) -> None:
        await self._session.close()

    @asynccontextmanager
    async def asked(
        self, exchange: Exchange, request: web.Request
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer's head; its body is still on the way. Raises Refusal when there is none."""
        target = exchange.path + (f"?{exchange.query}" if exchange.query else "")
        call = self._session.request(
            exchange.method,
            URL(self._url + target, encoded=True),
            headers=_headers(exchange),
            data=request.content.iter_any() if request.can_read_body else None,
            allow_redirects=False,
        )
        try:
            response = await call
        except (TimeoutError, aiohttp.ServerTimeoutError) as error:
            raise Refusal(504, "The backend does not answer in time.") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Refusal(500, "The backend cannot be reached.") from error
        try:
            if not all(map(is_text, response.headers.values())):
                raise Refusal(500, "A header of the backend's answer is no text.")
            yield response
        finally:
            response.close()

    async def fetch(self, url: str) -> dict[str, Any]:
        """JSON that a policy asks for. Raises OSError or ValueError."""
        try:
            async with self._session.get(url, headers={"Accept": "application/json"}) as response:
                document: dict[str, Any] = json.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(f"{url}: {error}") from error
        return document


async def passed_on(
    upstream: aiohttp.ClientResponse,
    request: web.Request,
    headers: CIMultiDict[str],
) -> web.StreamResponse:
    """Each piece as soon as it is there. An answer that breaks off breaks off here too."""
    response = web.StreamResponse(
        status=upstream.status, reason=upstream.reason, headers=end_to_end(headers)
    )
    await response.prepare(request)
    try:
        async for piece in upstream.content.iter_any():
            await response.write(piece)
        await response.write_eof()
    except (aiohttp.ClientError, TimeoutError):
        if request.transport is not None:
            request.transport.abort()  # an orderly end would look like a whole answer
    return response


def _headers(exchange: Exchange) -> CIMultiDict[str]:
    """Those of the exchange for another host, with the address of who asked."""
    headers = end_to_end(exchange.headers)
    headers.popall("Host", None)
    headers.popall("Expect", None)  # answered here
    headers["X-Forwarded-For"] = ", ".join(
        [*headers.getall("X-Forwarded-For", ()), exchange.address]
    )
    return headers
