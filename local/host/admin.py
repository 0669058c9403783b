"""The routes under /admin: what the host serves, how it fares, and a push for any trigger.

A push runs the function as its trigger would; it answers before the function ends, as Azure does.
"""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from local.host import http_response, index, logs
from local.host.index import IndexedFunction
from local.host.key_routes import KeyRoutes
from local.host.key_store import KeyStore

Push = Callable[[IndexedFunction, str], Awaitable[object]]


class AdminRoutes:
    """Answers callers who hold the master key. `pushes` runs a function of each trigger kind."""

    def __init__(
        self,
        functions: tuple[IndexedFunction, ...],
        pushes: Mapping[str, Push],
        health: Callable[[], Mapping[str, str]],
        store: KeyStore,
    ) -> None:
        self._functions = {function.name.lower(): function for function in functions}
        self._pushes = pushes
        self._health = health
        self._store = store
        self._keys = KeyRoutes(store, self._functions.__contains__)
        self._id = str(uuid.uuid4())
        self._pushed: set[asyncio.Task[object]] = set()

    async def answer(self, method: str, segments: tuple[str, ...], body: bytes) -> web.Response:
        """The routes; anything else is not found."""
        place = tuple(segment.lower() for segment in segments)
        about_keys = self._keys.answer(method, place, body)
        if about_keys is not None:
            return about_keys
        if method == "GET" and place == ("functions",):
            return web.json_response([self._described(each) for each in self._functions.values()])
        if method == "GET" and place == ("host", "status"):
            return web.json_response(self._status())
        if method == "POST" and len(place) == 2 and place[0] == "functions":
            return self._push(place[1], body)
        return http_response.empty(404)

    def _described(self, function: IndexedFunction) -> dict[str, object]:
        return {
            "name": function.name,
            "trigger": function.kind,
            "disabled": function.disabled,
            "binding": dict(function.trigger),
            "keys": self._store.of(function.name),
        }

    def _status(self) -> dict[str, object]:
        return {
            "id": self._id,
            "state": "Running",
            "functions": len(self._functions),
            "listeners": dict(self._health()),
        }

    def _push(self, name: str, body: bytes) -> web.Response:
        function = self._functions.get(name)
        if function is None:
            return http_response.empty(404)
        if function.kind == index.HTTP:
            return web.json_response({"error": "An HTTP function has a route."}, status=400)
        try:
            given = _input(body)
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        task = asyncio.ensure_future(self._run(function, given))
        self._pushed.add(task)
        task.add_done_callback(self._pushed.discard)
        return http_response.empty(202)

    async def _run(self, function: IndexedFunction, given: str) -> object:
        try:
            return await self._pushes[function.kind](function, given)
        except Exception as error:  # noqa: BLE001 - nobody waits for it: the log must hear of it
            logs.fail("push failed", function=function.name, error=repr(error))
            return None


def _input(body: bytes) -> str:
    if not body.strip():
        return ""
    document = json.loads(body)
    given = document.get("input", "") if isinstance(document, dict) else None
    if given is None:
        raise ValueError('The body must be {"input": "..."}.')
    return given if isinstance(given, str) else json.dumps(given)
