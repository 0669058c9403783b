"""What a handler is given, and what it may answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Generic

from typing_extensions import TypeVar

from shared.errors import Unauthenticated
from shared.identity.caller import Caller
from shared.model import Model
from shared.records.document import D, Stored

B = TypeVar("B", default=None)
Q = TypeVar("Q", default=None)
V = TypeVar("V", bound=Model)


@dataclass(frozen=True)
class Call(Generic[B, Q]):
    """One request, checked: `body` is of the model that the endpoint takes, `asks` its query."""

    body: B
    asks: Q
    route: Mapping[str, str]
    headers: Mapping[str, str]
    known_caller: Caller | None = None
    if_match: str | None = None

    @property
    def caller(self) -> Caller:
        """Raises Unauthenticated on a public endpoint."""
        if self.known_caller is None:
            raise Unauthenticated("Nobody is signed in.")
        return self.known_caller

    @property
    def tenant_id(self) -> str:
        return self.caller.tenant_id


@dataclass(frozen=True)
class Reply:
    """A view, and what goes along with it. `etag` also answers If-None-Match with 304."""

    view: Model | None = None
    status: HTTPStatus | None = None
    etag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    media_type: str = "application/json"


def shown(stored: Stored[D], view: type[V], **headers: str) -> Reply:
    """A document as callers see it, with its version."""
    return Reply(view.model_validate(stored.document), etag=stored.etag, headers=headers)
