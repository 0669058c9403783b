"""The HTTP listener: from a socket to a function and back. One route table, one set of keys."""

import json
import uuid
from collections.abc import Iterable
from typing import Protocol

from aiohttp import web

from local.host import http_request, http_response, logs
from local.host.engine import Cause
from local.host.failures import IndexFailed
from local.host.index import IndexedFunction
from local.host.invocations import Invocations
from local.host.keys import Keys
from local.host.routes import Match, RouteTable, RouteTaken

HEADER_LIMIT_BYTES = 32 * 1024
RESERVED = frozenset({"admin", "runtime"})


class Admin(Protocol):
    """Answers the routes under /admin."""

    async def answer(self, method: str, segments: tuple[str, ...], body: bytes) -> web.Response:
        """`segments` are those after `admin`; the caller held the master key."""


def route_table(functions: Iterable[IndexedFunction], prefix: str) -> RouteTable[IndexedFunction]:
    """Raises IndexFailed for a template that cannot be served and for two that are the same."""
    table: RouteTable[IndexedFunction] = RouteTable()
    for function in functions:
        template = f"{prefix}/{(function.trigger.get('route') or function.name).strip('/')}"
        if template.strip("/").split("/")[0].lower() in RESERVED:
            raise IndexFailed(f"Function {function.name}: route {template} is the host's own.")
        methods = frozenset(method.upper() for method in function.trigger.get("methods") or ())
        try:
            table.add(template, methods, function)
        except RouteTaken as taken:
            other = taken.other.name if isinstance(taken.other, IndexedFunction) else "another"
            raise IndexFailed(
                f"Function {function.name}: {other} answers {template} already."
            ) from taken
        except ValueError as error:
            raise IndexFailed(f"Function {function.name}: route {template}: {error}.") from error
    return table


class HttpServer:
    """Serves the HTTP functions of an app on 127.0.0.1."""

    def __init__(
        self, table: RouteTable[IndexedFunction], invocations: Invocations, keys: Keys, admin: Admin
    ) -> None:
        self._table = table
        self._invocations = invocations
        self._keys = keys
        self._admin = admin
        self._stopping = False
        server = web.Server(
            self._answer,
            access_log=None,
            auto_decompress=False,
            max_field_size=HEADER_LIMIT_BYTES,
            max_line_size=HEADER_LIMIT_BYTES,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=1.0)
        self._site: web.TCPSite | None = None

    async def start(self, port: int) -> str:
        """Listen; 0 takes any free port. The address is returned."""
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", port, backlog=512)
        await self._site.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop_accepting(self) -> None:
        """No new connection; a request on an open one is sent away."""
        self._stopping = True
        if self._site is not None:
            await self._site.stop()

    async def close(self) -> None:
        """End what is still connected."""
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if self._stopping:
            return http_response.empty(503, Connection="close", **{"Retry-After": "1"})
        path, query = http_request.split_target(request)
        segments = http_request.path_segments(path)
        try:
            if segments and segments[0].lower() == "admin":
                return await self._answer_admin(request, segments[1:], query)
            return await self._answer_function(request, segments, query)
        except http_request.BodyTooLarge:
            return http_response.empty(413, Connection="close")

    async def _answer_function(
        self, request: web.BaseRequest, segments: tuple[str, ...], query: str
    ) -> web.Response:
        found = self._table.find(request.method, segments)
        if not isinstance(found, Match):
            return _not_found(found, segments, request.method)
        function = found.answers
        level = str(function.trigger.get("authLevel", "FUNCTION")).upper()
        if not self._keys.admit(level, _given_key(request, query)):
            return http_response.empty(401)
        body = await http_request.body_of(request)
        invocation_id = str(uuid.uuid4())
        outcome = await self._invocations.run(
            function,
            http_request.as_datum(request, query, found.values, body),
            cause=Cause(
                request.headers.get("traceparent", ""), request.headers.get("tracestate", "")
            ),
            invocation_id=invocation_id,
        )
        try:
            return http_response.response(outcome, request.method, invocation_id)
        except (ValueError, TypeError) as error:
            logs.fail("response refused", function=function.name, error=repr(error))
            return http_response.empty(500)

    async def _answer_admin(
        self, request: web.BaseRequest, segments: tuple[str, ...], query: str
    ) -> web.Response:
        if segments == ("host", "ping"):
            return http_response.empty(200)
        if not self._keys.is_master(_given_key(request, query)):
            return http_response.empty(401)
        body = await http_request.body_of(request)
        return await self._admin.answer(request.method, segments, body)


def _given_key(request: web.BaseRequest, query: str) -> str:
    given = request.headers.get("x-functions-key")
    return given if given is not None else http_request.query_values(query).get("code", "")


def _not_found(allowed: frozenset[str], segments: tuple[str, ...], method: str) -> web.Response:
    if allowed:
        return http_response.empty(405, Allow=", ".join(sorted(allowed)))
    if not segments and method in {"GET", "HEAD"}:
        text = json.dumps({"status": "running"})
        return web.Response(text=text, content_type="application/json")
    return http_response.empty(404)
