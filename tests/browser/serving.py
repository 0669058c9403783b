"""The app's HTTP functions behind a real socket, in this process so that tests move its clock."""

import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import azure.functions as func
from aiohttp import web

from shared.http.openapi.document import document
from shared.http.openapi.registered import PARAMETER, Registered, http_functions
from shared.version import VERSION
from tests.support.app import app_functions

LARGEST = 4 * 1024 * 1024
Function = Callable[[func.HttpRequest], Awaitable[func.HttpResponse]]


class Served:
    """What answers, and what tests may put in its way."""

    def __init__(self) -> None:
        functions = app_functions()
        self._code: dict[str, Function] = {
            each.get_function_name(): each.get_user_function() for each in functions
        }
        listed = sorted(http_functions(functions), key=lambda each: len(each.parameters))
        self._routes = [(_pattern(each), each) for each in listed]
        self._openapi = json.dumps(document(listed, VERSION)).encode()
        self.url = ""

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        path = request.path.removeprefix("/api/")
        if path == "openapi.json":  # as `make openapi` would write it now
            return web.Response(body=self._openapi, content_type="application/json")
        for pattern, registered in self._routes:
            match = pattern.fullmatch(path)
            if match and request.method in registered.methods:
                function = self._code[registered.name]
                return _sent(await function(await _asked(request, match.groupdict())))
        return web.Response(status=404)


def _pattern(registered: Registered) -> re.Pattern[str]:
    return re.compile(PARAMETER.sub(r"(?P<\1>[^/]+)", re.sub(r"([.])", r"\\\1", registered.path)))


async def _asked(request: web.BaseRequest, route: dict[str, str]) -> func.HttpRequest:
    return func.HttpRequest(
        method=request.method,
        url=str(request.url),
        headers={name.lower(): value for name, value in request.headers.items()},
        params=dict(request.query),
        route_params=route,
        body=await request.read(),
    )


def _sent(answer: func.HttpResponse) -> web.Response:
    headers: dict[str, Any] = dict(answer.headers)
    if answer.get_body():
        headers["Content-Type"] = f"{answer.mimetype}; charset={answer.charset}"
    return web.Response(status=answer.status_code, body=answer.get_body(), headers=headers)


@asynccontextmanager
async def serving() -> AsyncGenerator[Served]:
    served = Served()
    runner = web.ServerRunner(web.Server(served))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    served.url = f"http://127.0.0.1:{port}/api"
    try:
        yield served
    finally:
        await runner.cleanup()
