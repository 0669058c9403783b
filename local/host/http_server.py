"""The HTTP listener: from a socket to a function and back. One route table, one set of keys."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from socket import socket
from typing import Protocol

from aiohttp import web

from local.host import http_request, http_response, logs
from local.host.deadlines import Deadlines
from local.host.engine import Cause, Outcome
from local.host.http_routes import Functions
from local.host.index import IndexedFunction
from local.host.invocations import Answer, Invocations
from local.host.keys import Keys
from local.host.routes import Match

HEADER_LIMIT_BYTES = 32 * 1024
BACKLOG = 512
NEWCOMERS_S = 0.2  # who has just been let in has a request that is still on its way
# The load balancer before an app in Azure waits no longer for an answer.
ANSWER_WITHIN_S = 230.0
ALL_IN_VAIN = Outcome(ok=False, error="The client was sent away before the function answered.")


@dataclass(frozen=True)
class Limits:
    """What the server takes, and how long it waits for an answer."""

    body_bytes: int = http_request.BODY_LIMIT_BYTES
    answer_within_s: float = ANSWER_WITHIN_S


class Admin(Protocol):
    """Answers the routes under /admin."""

    async def answer(self, method: str, segments: tuple[str, ...], body: bytes) -> web.Response:
        """`segments` are those after `admin`; the caller held the master key."""


class HttpServer:
    """Serves the HTTP functions of an app on 127.0.0.1."""

    def __init__(
        self,
        table: Functions,
        invocations: Invocations,
        keys: Callable[[], Keys],
        admin: Admin,
        limits: Limits | None = None,
    ) -> None:
        self._table = table
        self._invocations = invocations
        self._keys = keys
        self._admin = admin
        self._limits = limits or Limits()
        self._waiting = Deadlines(self._limits.answer_within_s)
        self._stopping = False
        server = web.Server(
            self._answer,
            access_log=None,
            auto_decompress=False,
            max_field_size=HEADER_LIMIT_BYTES,
            max_line_size=HEADER_LIMIT_BYTES,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=1.0)
        self._site: web.SockSite | web.TCPSite | None = None

    async def start(self, listening: int | socket) -> str:
        """Listen on a port (0 takes any free one) or a socket. The address is returned."""
        await self._runner.setup()
        if isinstance(listening, int):
            self._site = web.TCPSite(self._runner, "127.0.0.1", listening, backlog=BACKLOG)
        else:
            self._site = web.SockSite(self._runner, listening, backlog=BACKLOG)
        await self._site.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop_accepting(self) -> None:
        """No new connection; open ones end with the request that they carry."""
        if self._site is not None:
            await self._site.stop()
        await asyncio.sleep(NEWCOMERS_S)
        self._stopping = True
        if self._runner.server is not None:
            self._runner.server.pre_shutdown()

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
            return _not_found(found, segments, request)
        function = found.answers
        if not self._admits(function, request, query):
            return http_response.empty(401)
        body = await http_request.body_of(request, self._limits.body_bytes)
        run, answer = self._invocations.begin(
            function,
            http_request.as_datum(request, query, found.values, body),
            cause=_cause(request),
        )
        outcome = await self._outcome(answer)
        if outcome is ALL_IN_VAIN:
            logs.warn(
                "answer came too late", function=function.name, invocation_id=run.invocation_id
            )
            return http_response.empty(504, Connection="close")
        try:
            return http_response.response(outcome, request.method, run.invocation_id)
        except (ValueError, TypeError) as error:
            logs.fail("response refused", function=function.name, error=repr(error))
            return http_response.empty(500)

    async def _outcome(self, answer: Answer) -> Outcome:
        """What the function returns, unless that takes too long."""
        self._waiting.set(answer, lambda: _give_up(answer))
        try:
            return await answer
        finally:
            self._waiting.call_off(answer)

    def _admits(self, function: IndexedFunction, request: web.BaseRequest, query: str) -> bool:
        level = str(function.trigger.get("authLevel", "FUNCTION")).upper()
        if level == "ANONYMOUS":
            return True
        return self._keys().admit(level, _given_key(request, query), function.name)

    async def _answer_admin(
        self, request: web.BaseRequest, segments: tuple[str, ...], query: str
    ) -> web.Response:
        if segments == ("host", "ping"):
            return http_response.empty(200)
        if not self._keys().is_master(_given_key(request, query)):
            return http_response.empty(401)
        body = await http_request.body_of(request, self._limits.body_bytes)
        return await self._admin.answer(request.method, segments, body)


def _give_up(answer: "asyncio.Future[Outcome]") -> None:
    """The function goes on, as it does behind a load balancer that has turned away."""
    if not answer.done():
        answer.set_result(ALL_IN_VAIN)


def _cause(request: web.BaseRequest) -> Cause | None:
    parent = request.headers.get("traceparent")
    return Cause(parent, request.headers.get("tracestate", "")) if parent else None


def _given_key(request: web.BaseRequest, query: str) -> str:
    given = request.headers.get("x-functions-key")
    return given if given is not None else http_request.query_values(query).get("code", "")


def _not_found(
    other_methods: frozenset[str], segments: tuple[str, ...], request: web.BaseRequest
) -> web.Response:
    """404 also where another method would be answered: Azure's host knows no 405."""
    if other_methods:
        logs.say(
            "method not served",
            method=request.method,
            path="/" + "/".join(segments),
            served=sorted(other_methods),
        )
    elif not segments and request.method in {"GET", "HEAD"}:
        text = json.dumps({"status": "running"})
        return web.Response(text=text, content_type="application/json")
    return http_response.empty(404)
