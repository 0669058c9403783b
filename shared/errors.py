"""The ways in which the business says no. HTTP and messaging each translate them once."""

from typing import ClassVar


class Refusal(Exception):
    """A request that was understood and is refused: an answer, never a crash.

    `code` is permanent and has a line in docs/problems.md; `more` is told to the caller as members
    of the problem document.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, detail: str, **more: object) -> None:
        super().__init__(detail)
        self.more = more


class Malformed(Refusal):
    """The bytes are not what they should be: no JSON, a wrong encoding, a foreign cursor."""

    code = "malformed"


class Unauthenticated(Refusal):
    """Nobody known is asking: no token, or one that does not hold."""

    code = "unauthenticated"


class Forbidden(Refusal):
    """The caller is known and may not do this."""

    code = "forbidden"


class Missing(Refusal):
    """The thing asked for does not exist, or not for this caller."""

    code = "not-found"


class Conflict(Refusal):
    """The thing exists, but its state does not allow this."""

    code = "conflict"


class Stale(Refusal):
    """Somebody else changed it first; read it again and retry."""

    code = "stale"


class VersionRequired(Refusal):
    """A change must say in If-Match which version it was made from."""

    code = "if-match-required"


class Gone(Refusal):
    """It was here, and its time is over."""

    code = "gone"


class TooLarge(Refusal):
    """More bytes than this place takes."""

    code = "too-large"


class UnsupportedMedia(Refusal):
    """The content is of a kind that is not taken here."""

    code = "unsupported-media-type"


class Invalid(Refusal):
    """Well formed, and wrong: `fields` names what and why."""

    code = "invalid"


class TooMany(Refusal):
    """Too often in too short a time; `retry_after_s` says when to come back."""

    code = "too-many-requests"


class Unavailable(Refusal):
    """Something this needs is down for now; `retry_after_s` says when to try again."""

    code = "unavailable"
