"""What a function returned, put into the form that goes back over the socket."""

from typing import Any

from aiohttp.web import Response
from multidict import CIMultiDict

from local.host.engine import Outcome

SERVER = "local-functions-host"
INVOCATION_ID = "x-ms-invocation-id"
# The connection is the server's affair; a length is kept only where there is no body to measure.
OURS = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
FORBIDDEN = frozenset("\r\n\0")


def empty(status: int, **headers: str) -> Response:
    """A refusal of the host itself: no body, as Azure's host answers."""
    return Response(status=status, headers={"Server": SERVER, **headers})


def response(outcome: Outcome, method: str, invocation_id: str) -> Response:
    """500 without a body where the function failed; nobody outside sees the reason."""
    if not outcome.ok or outcome.returned is None:
        return empty(500, **{INVOCATION_ID: invocation_id})
    headers = CIMultiDict({"Server": SERVER, INVOCATION_ID: invocation_id})
    if outcome.returned.type == "string":
        headers["Content-Type"] = "text/plain; charset=utf-8"
        return Response(body=outcome.returned.value.encode(), headers=headers)
    return _from_http(outcome.returned.value, method, headers)


def _from_http(value: dict[str, Any], method: str, headers: "CIMultiDict[str]") -> Response:
    for name, datum in value["headers"].items():
        if not FORBIDDEN.isdisjoint(name + datum.value):
            raise ValueError(f"header {name!r} holds a line break")
        if name.lower() not in OURS or (method == "HEAD" and name.lower() == "content-length"):
            headers[name] = datum.value
    for cookies in value.get("cookies") or ():
        for morsel in cookies.values():
            headers.add("Set-Cookie", morsel.OutputString())
    body = b"" if method == "HEAD" else value["body"].value
    return Response(status=int(value["status_code"].value), headers=headers, body=body)
