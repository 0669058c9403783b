"""Routes of what browsers load: the one page, and its files under names that change."""

from aiohttp import web

from local.board.answers import Refused
from local.board.page import serving
from shared.errors import Missing


async def page(request: web.Request) -> web.Response:
    return _response(serving.page(_headers(request), request.query.get("lang")))


async def asset(request: web.Request) -> web.Response:
    try:
        return _response(serving.asset(request.match_info["name"], _headers(request)))
    except Missing as missing:
        raise Refused(404, "There is no such file.") from missing


def _response(served: serving.Served) -> web.Response:
    response = web.Response(body=served.content, headers=served.headers)
    response.content_type, response.charset = served.media_type, "utf-8"
    return response


def _headers(request: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


ROUTES = [web.get("/", page), web.get("/static/{name}", asset)]
