"""The routes under /admin that list, add and remove keys, after Azure's key management API."""

import json
from collections.abc import Callable

from aiohttp import web

from local.host import http_response
from local.host.key_store import HOST, KeyStore, new_key

RESERVED = frozenset({"default", "_master"})


class KeyRoutes:
    """`/admin/host/keys[/name]` and `/admin/functions/<function>/keys[/name]`."""

    def __init__(self, store: KeyStore, knows: Callable[[str], bool]) -> None:
        self._store = store
        self._knows = knows

    def answer(self, method: str, place: tuple[str, ...], body: bytes) -> web.Response | None:
        """None for a place that is not about keys."""
        match place:
            case ("host", "keys", *name):
                owner = HOST
            case ("functions", function, "keys", *name) if self._knows(function):
                owner = function
            case _:
                return None
        if not name and method == "GET":
            return web.json_response({"keys": self._shown(owner)})
        if len(name) != 1 or (owner == HOST and name[0] in RESERVED):
            return http_response.empty(404)
        return self._changed(method, owner, name[0], body)

    def _shown(self, owner: str) -> list[dict[str, str]]:
        keys = self._store.of(owner)
        if owner == HOST and self._store.keys.function:
            keys = {"default": self._store.keys.function, **keys}
        return [{"name": name, "value": value} for name, value in keys.items()]

    def _changed(self, method: str, owner: str, name: str, body: bytes) -> web.Response:
        if method == "DELETE":
            return http_response.empty(204 if self._store.remove(owner, name) else 404)
        if method == "POST":
            value: str | None = new_key()
        else:
            value = _value(body) if method == "PUT" else None
        if value is None:
            return http_response.empty(400 if method == "PUT" else 404)
        status = 200 if name in self._store.of(owner) else 201
        self._store.put(owner, name, value)
        return web.json_response({"name": name, "value": value}, status=status)


def _value(body: bytes) -> str | None:
    """The value that a client chose; None for a body that holds none."""
    try:
        document = json.loads(body)
    except ValueError:
        return None
    value = document.get("value") if isinstance(document, dict) else None
    return value if isinstance(value, str) and value else None
