"""What an endpoint declares of itself. The guard obeys it and the OpenAPI document tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from shared.errors import Refusal
from shared.http.limits import Quota
from shared.model import Model

JSON_LIMIT = 256 * 1024
PUBLIC = "public"
SIGNED_IN = "signed-in"
HOST_KEY = "host-key"
NO_PERMISSION = frozenset({PUBLIC, SIGNED_IN, HOST_KEY})


@dataclass(frozen=True)
class Raw:
    """A body that is taken as bytes. `media_type` None takes any."""

    media_type: str | None
    max_bytes: int


@dataclass(frozen=True)
class Content:
    """An answer that is no JSON model."""

    media_type: str
    description: str = "The content."


@dataclass(frozen=True)
class Declaration:
    """`needs` is a permission, or PUBLIC, SIGNED_IN or HOST_KEY (the host itself asks for its key).

    `changes` says that If-Match is required. `repeatable` says that Idempotency-Key is honoured.
    `recent` asks for a caller who has lately proven who they are; `weak` takes one without a second
    factor even where that is required. `quota` is of each address.
    """

    needs: str
    takes: type[Model] | Raw | None
    asks: type[Model] | None
    gives: type[Model] | Content | None
    status: HTTPStatus
    changes: bool
    repeatable: bool
    refuses: Sequence[type[Refusal]]
    max_bytes: int
    summary: str
    description: str
    recent: bool = False
    quota: Quota | None = None
    weak: bool = False

    @property
    def public(self) -> bool:
        return self.needs in {PUBLIC, HOST_KEY}
