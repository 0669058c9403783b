"""The proxy itself: streams both ways, keeps the Host that signatures cover, and fails as planned.

It knows no key and reads no content.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import hdrs, web
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from local.blobproxy.calls import TRUNCATED, call, faults_of
from local.faults.http import cut, retry_after
from local.faults.plan import Fault, Faults

PIECE = 256 * 1024
KEPT_ALIVE_S = 3.0  # Node closes what is idle for 5 s; a request must not meet that
HOP_BY_HOP = {  # RFC 9110, 7.6.1; and what each side negotiates for itself
    *("connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"),
    *("transfer-encoding", "expect"),
}
BUSY = (
    '<?xml version="1.0" encoding="utf-8"?>'
    "<Error><Code>ServerBusy</Code><Message>The server is busy.</Message></Error>"
)

log = logging.getLogger("local.blobproxy")
UPSTREAM = web.AppKey("UPSTREAM", str)
FAULTS = web.AppKey("FAULTS", Faults)
SESSION = web.AppKey("SESSION", aiohttp.ClientSession)


def application(upstream: str, faults: Faults) -> web.Application:
    """`upstream` is where the blob service listens, without a path."""
    app = web.Application()
    app[UPSTREAM] = upstream.rstrip("/")
    app[FAULTS] = faults
    app.router.add_route("*", "/{path:.*}", answer)
    app.cleanup_ctx.append(connect)
    return app


async def connect(app: web.Application) -> AsyncIterator[None]:
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_ALIVE_S)
    forever = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(
        connector=connector, timeout=forever, auto_decompress=False
    ) as session:
        app[SESSION] = session
        yield


async def answer(request: web.Request) -> web.StreamResponse:
    operation, container = call(request.method, request.path, request.query)
    fault = request.app[FAULTS].next(operation, container, faults_of(operation))
    if fault is not None:
        log.info("fault %s in %s %s", fault.name, operation, container)
    if fault is not None and fault.name == "unavailable":
        return busy(request, fault)
    if fault is not None and fault.name == "slow":
        await asyncio.sleep(fault.delay_s)
    try:
        async with _asked(request) as upstream:
            return await _told(request, upstream, fault.name if fault else "")
    except aiohttp.ClientError as error:
        log.warning("%s %s: %s", request.method, request.path, error)
        cut(request)  # as it would be for whoever asks a service that is not there
        return web.Response(status=502)


def busy(request: web.Request, fault: Fault) -> web.Response:
    """https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes"""
    headers = {"x-ms-error-code": "ServerBusy", **retry_after(fault)}
    body = None if request.method == "HEAD" else BUSY
    return web.Response(status=503, text=body, content_type="application/xml", headers=headers)


def _asked(request: web.Request) -> "aiohttp.client._RequestContextManager":
    """Body and headers as they came. Without a body none is made up."""
    return request.app[SESSION].request(
        request.method,
        URL(request.app[UPSTREAM] + request.raw_path, encoded=True),
        headers=_end_to_end(request.headers),
        data=request.content.iter_chunked(PIECE) if request.body_exists else None,
        skip_auto_headers=(hdrs.USER_AGENT, hdrs.ACCEPT, hdrs.ACCEPT_ENCODING, hdrs.CONTENT_TYPE),
        allow_redirects=False,
    )


async def _told(
    request: web.Request, upstream: aiohttp.ClientResponse, fault: str
) -> web.StreamResponse:
    response = web.StreamResponse(status=upstream.status, reason=upstream.reason)
    response.headers.extend(_end_to_end(upstream.headers))
    if fault == "reply-lost":
        await upstream.read()
        cut(request)
        return response
    if _has_body(request, upstream) and hdrs.CONTENT_LENGTH not in upstream.headers:
        response.enable_chunked_encoding()
    await response.prepare(request)
    left = _half_of(upstream) if fault == TRUNCATED else None
    async for piece in upstream.content.iter_chunked(PIECE):
        await response.write(piece if left is None else piece[:left])
        if left is not None:
            left -= len(piece)
            if left <= 0:
                cut(request)
                return response
    await response.write_eof()
    return response


def _half_of(upstream: aiohttp.ClientResponse) -> int:
    return max(1, int(upstream.headers.get(hdrs.CONTENT_LENGTH, 2)) // 2)


def _has_body(request: web.Request, upstream: aiohttp.ClientResponse) -> bool:
    return request.method != "HEAD" and upstream.status not in {204, 304}


def _end_to_end(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    return CIMultiDict((n, value) for n, value in headers.items() if n.lower() not in HOP_BY_HOP)
