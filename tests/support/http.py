"""Requests as the Functions host makes them, and callers without a login."""

import json
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import azure.functions as func

from shared.identity.caller import Caller
from shared.identity.permissions import Role
from shared.identity.verifying import verifier
from shared.platform import clock

HttpFunction = Callable[[func.HttpRequest], Awaitable[func.HttpResponse]]


@dataclass(frozen=True)
class Answer:
    """A response, read."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    media_type: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The problem's code."""
        assert self.media_type == "application/problem+json", self.body
        return str(self.json["type"]).removeprefix("/problems/")

    @property
    def etag(self) -> str:
        return self.headers["ETag"]


def somebody(tenant: str, *roles: Role, user_id: str = "u-1", name: str = "Ann Example") -> Caller:
    """Who has just proven who they are."""
    known = frozenset(roles or {Role.ADMIN})
    return Caller(user_id, tenant, known, name, authenticated_at=clock.now())


_signed_in: ContextVar[Caller | None] = ContextVar("signed_in", default=None)


@contextmanager
def signed_in(caller: Caller) -> Generator[Caller]:
    """Whatever token is sent, it is this caller's; each of several requests at once has its own."""
    token = _signed_in.set(caller)
    try:
        yield caller
    finally:
        _signed_in.reset(token)


@contextmanager
def signing_in() -> Generator[None]:
    """Makes `signed_in` count. Without it, and for nobody signed in, tokens are really checked."""
    checked = verifier()

    async def verify(authorization: str) -> Caller:
        return _signed_in.get() or await checked(authorization)

    with verifier.replaced_by(verify):
        yield


async def call(
    function: HttpFunction,
    body: object = None,
    *,
    method: str = "POST",
    caller: Caller | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    **route: str,
) -> Answer:
    """One request. `body` is bytes as they are, or anything JSON; `caller` is signed in for it."""
    raw = (
        body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    )
    kind = {} if isinstance(body, bytes) else {"content-type": "application/json"}
    request = func.HttpRequest(
        method=method,
        url="http://127.0.0.1:7071/api/" + getattr(function, "__name__", ""),
        headers={"authorization": "Bearer test", **kind, **(headers or {})},
        params=dict(query or {}),
        route_params=route,
        body=raw,
    )
    if caller is None:
        return _read(await function(request))
    with signed_in(caller):
        return _read(await function(request))


def _read(response: func.HttpResponse) -> Answer:
    return Answer(
        response.status_code,
        response.get_body() or b"",
        dict(response.headers),
        response.mimetype or "",
    )
