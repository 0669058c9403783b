"""The ways this server says no, each with its Twirp code and HTTP status; knows no HTTP library."""

from collections.abc import Mapping

# https://twitchtv.github.io/twirp/docs/spec_v7.html#error-codes
STATUS_OF_CODE = {
    "invalid_argument": 400,
    "malformed": 400,
    "not_found": 404,
    "bad_route": 404,
    "unauthenticated": 401,
    "resource_exhausted": 429,
    "failed_precondition": 412,
    "internal": 500,
    "unknown": 500,
    "unavailable": 503,
}


class Refusal(Exception):
    """A Twirp error: `code` decides the HTTP status."""

    def __init__(self, code: str, msg: str, meta: Mapping[str, str] | None = None) -> None:
        super().__init__(msg)
        self.code = code
        self.msg = msg
        self.meta = dict(meta or {})

    @property
    def status(self) -> int:
        return STATUS_OF_CODE[self.code]

    def body(self) -> dict[str, object]:
        """`meta` is absent when empty, as the server leaves it out."""
        body: dict[str, object] = {"code": self.code, "msg": self.msg}
        return {**body, "meta": self.meta} if self.meta else body


class TokenRefused(Exception):
    """The token itself is bad: the server answers 401 with plain text, before any Twirp."""


class JoinRefused(Exception):
    """A participant may not come in; `status` is what the signalling endpoint would answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def refused_inside(code: str, reason: str) -> Refusal:
    """An error from behind the Twirp layer, which the server words with this prefix."""
    return Refusal(code, f"twirp error unknown: {reason}")


def room_not_found() -> Refusal:
    return refused_inside("not_found", "requested room does not exist")


def participant_not_found() -> Refusal:
    return refused_inside("not_found", "participant does not exist")


def nobody_answers() -> Refusal:
    """Calls routed to a participant, or to a room, that is not there."""
    return refused_inside("unavailable", "no response from servers")


def permission_denied() -> Refusal:
    return Refusal("unauthenticated", "permissions denied")


def over_limit(what: str, limit: int) -> Refusal:
    reason = f"{what} exceeds limits"
    return Refusal("invalid_argument", f"{reason} {limit}", {"argument": reason})
