"""The refusals of the service: status, sub-status and words. Knows no HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Refusal(Exception):
    """An error answer. `substatus` goes into `x-ms-substatus`, `headers` beside it."""

    status: int
    code: str
    message: str
    substatus: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message}


class ConnectionLost(Exception):
    """Instead of an answer: the client's connection ends here, without a word."""


def bad_request(message: str, substatus: int | None = None) -> Refusal:
    return Refusal(400, "BadRequest", message, substatus)


def unauthorized(message: str) -> Refusal:
    return Refusal(401, "Unauthorized", message)


def item_not_found() -> Refusal:
    return Refusal(404, "NotFound", "Entity with the specified id does not exist in the system.", 0)


def container_not_found() -> Refusal:
    """1003 is what makes a client drop what it has cached about the container."""
    return Refusal(404, "NotFound", "Owner resource does not exist", 1003)


def no_scripts(kind: str) -> Refusal:
    """Nothing here runs JavaScript."""
    return bad_request(
        f"{kind} are not supported by the local endpoint. Use transactional batches, patches and "
        "the change feed instead."
    )


def session_not_available() -> Refusal:
    """The client knows of a later write than we do; 1002 makes it ask elsewhere or again."""
    return Refusal(
        404,
        "NotFound",
        "The read session is not available for the input session token.",
        1002,
    )


def resource_not_found() -> Refusal:
    return Refusal(404, "NotFound", "Resource Not Found.", 0)


def method_not_allowed(method: str) -> Refusal:
    return Refusal(
        405, "MethodNotAllowed", f"{method} is not served on this resource by the local endpoint."
    )


def conflict(message: str) -> Refusal:
    return Refusal(409, "Conflict", message)


def item_exists() -> Refusal:
    return conflict("Entity with the specified id already exists in the system.")


def resource_exists() -> Refusal:
    return conflict("Resource with specified id or name already exists.")


def precondition_failed(message: str, substatus: int | None = None) -> Refusal:
    return Refusal(412, "PreconditionFailed", message, substatus)


def etag_mismatch() -> Refusal:
    return precondition_failed("One of the specified pre-condition is not met.")


def too_large(message: str = "Request size is too large") -> Refusal:
    return Refusal(413, "RequestEntityTooLarge", message)
