"""A request's way: its operation, inbound, the app, outbound; on-error where something stops it."""

import json
import logging
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from local.gateway.exchange import Exchange, Reply
from local.gateway.forwarding import Upstream, passed_on
from local.gateway.intake import received
from local.gateway.operations import Operations
from local.gateway.policies.choices import run
from local.gateway.policies.cors import is_preflight
from local.gateway.policies.document import Policies
from local.gateway.refusals import Refusal

# Where every gateway of API Management says that it runs.
ALIVE = "/status-0123456789abcdef"
log = logging.getLogger("local.gateway")


@dataclass(frozen=True, slots=True)
class Gateway:
    """`api_path` is where the API begins; whatever is elsewhere does not exist."""

    policies: Policies
    operations: Operations
    api_path: str
    upstream: Upstream

    async def handle(self, request: web.Request) -> web.StreamResponse:
        try:
            exchange = received(request)
        except Refusal as refusal:
            return _sent(_plain(refusal))
        below = self._below(exchange.path)
        if below is None:
            return _sent(_elsewhere(exchange))
        exchange.operation = self.operations.find(exchange.method, below)
        try:
            reply = await self._before(exchange)
            if reply is None:
                async with self.upstream.asked(exchange, request) as response:
                    return await self._back(exchange, response, request)
        except Refusal as refusal:
            reply = await self._refused(exchange, refusal)
        return _sent(reply, exchange.added)

    def _below(self, path: str) -> str | None:
        start = path[: len(self.api_path) + 1].lower()
        return path[len(self.api_path) :] if start == f"{self.api_path}/" else None

    async def _before(self, exchange: Exchange) -> Reply | None:
        if exchange.operation is None and is_preflight(exchange) and self.policies.cors:
            return await self.policies.cors.apply(exchange)
        if exchange.operation is None:
            raise Refusal(404, "Unable to match incoming request to an operation.")
        return await run(self.policies.inbound, exchange)

    async def _back(
        self, exchange: Exchange, response: aiohttp.ClientResponse, request: web.Request
    ) -> web.StreamResponse:
        """What the app answers is its own, whatever its status: only outbound may change it."""
        exchange.answer.status = response.status
        exchange.answer.headers = CIMultiDict(response.headers)
        reply = await run(self.policies.outbound, exchange)
        if reply is not None:
            return _sent(reply, exchange.added)
        for name in set(exchange.added) - {"Vary"}:  # who may read it is said once, and here
            exchange.answer.headers.popall(name, None)
        exchange.answer.headers.extend(exchange.added)
        return await passed_on(response, request, exchange.answer.headers)

    async def _refused(self, exchange: Exchange, refusal: Refusal) -> Reply:
        exchange.answer.status = refusal.status
        exchange.answer.headers = CIMultiDict(refusal.headers)
        try:
            reply = await run(self.policies.on_error, exchange) or _plain(refusal)
        except Refusal as second:
            reply = _plain(second)
        # The template, not the path: links for signers are secrets.
        place = exchange.operation.url_template if exchange.operation else "no operation"
        log.info("%s %s: %s %s", exchange.method, place, reply.status, refusal.message)
        return reply


def _sent(reply: Reply, added: CIMultiDict[str] | None = None) -> web.Response:
    headers = CIMultiDict(reply.headers)
    headers.extend(added or {})
    return web.Response(
        status=reply.status, reason=reply.reason, headers=headers, body=reply.body or None
    )


def _plain(refusal: Refusal) -> Reply:
    """As API Management words what no policy words."""
    body = json.dumps({"statusCode": refusal.status, "message": refusal.message})
    headers = CIMultiDict({**refusal.headers, "Content-Type": "application/json"})
    return Reply(refusal.status, None, headers, body.encode())


def _elsewhere(exchange: Exchange) -> Reply:
    if exchange.path == ALIVE and exchange.method == "GET":
        headers = CIMultiDict({"Content-Type": "text/plain; charset=utf-8"})
        return Reply(200, None, headers, b"Service Operational")
    return _plain(Refusal(404, "Resource not found"))
