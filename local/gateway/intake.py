"""A request as it came, made into an exchange; what no gateway would pass on is refused."""

from collections.abc import Mapping

from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy

from local.gateway.exchange import Exchange
from local.gateway.refusals import Refusal

# RFC 9110, section 7.6.1, and what older programs send: they are between two neighbours alone.
HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
    *("te", "trailer", "transfer-encoding", "upgrade"),
}


def received(request: web.Request) -> Exchange:
    """Raises Refusal for a target that is no path, and for headers that are no text."""
    path, _, query = request.raw_path.partition("?")
    if not path.startswith("/") or "\\" in path or "#" in request.raw_path:
        raise Refusal(400, "The request target is no path.")
    headers = end_to_end(request.headers)
    if not all(is_text(each) for each in headers.values()):
        raise Refusal(400, "A header is no text.")
    return Exchange(
        method=request.method,
        path=resolved(path),
        query=query,
        headers=headers,
        address=request.remote or "",
    )


def end_to_end(headers: CIMultiDictProxy[str] | Mapping[str, str]) -> CIMultiDict[str]:
    """Without those that are for the next neighbour, by name or because `Connection` names them."""
    left = CIMultiDict(headers)
    named = [each for value in left.getall("Connection", ()) for each in value.lower().split(",")]
    for name in {*HOP_BY_HOP, *(each.strip() for each in named)} - {""}:
        left.popall(name, None)
    return left


def resolved(path: str) -> str:
    """Without dot segments, also encoded ones: RFC 3986, section 5.2.4. Else as it was sent."""
    left: list[str] = []
    plain = ""
    for segment in path.split("/")[1:]:
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            left = left[:-1]
        elif plain != ".":
            left.append(segment)
    return "/" + "/".join([*left, ""] if plain in {".", ".."} and left else left)


def is_text(value: str) -> bool:
    """Bytes that are no UTF-8 arrive as lone surrogates, which cannot be sent on."""
    return not any("\ud800" <= each <= "\udfff" for each in value)
