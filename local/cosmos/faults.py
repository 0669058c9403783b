"""Faults on order: the next so many data requests fail as a busy service would fail them."""

from dataclasses import dataclass

from local.cosmos.errors import Refusal, bad_request
from local.cosmos.wire import Document

_WORDS = {
    408: ("RequestTimeout", "The request timed out.", None),
    410: ("Gone", "The requested resource is no longer available at the server.", None),
    429: ("TooManyRequests", "The request rate is too large. Please retry after sometime.", 3200),
    449: ("RetryWith", "Conflicting request to the resource has been attempted. Retry.", None),
    500: ("InternalServerError", "An internal error occurred.", None),
    503: ("ServiceUnavailable", "The service is currently unavailable.", None),
}


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What befalls one request: `applied` lets it take effect first, `silent` cuts the line."""

    refusal: Refusal
    applied: bool = False
    silent: bool = False


@dataclass(slots=True)
class Fault:
    """A disturbance of the next so many requests of a kind."""

    disturbance: Disturbance
    left: int
    method: str | None = None
    container: str | None = None

    def concerns(self, method: str, container: str) -> bool:
        return self.method in (None, method) and self.container in (None, container)


class Faults:
    """The faults still to come, first ordered first given."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, wish: Document) -> None:
        """`{"status", "count", "retry_after_ms", "method", "container", "applied"}`."""
        status, count = wish.get("status"), wish.get("count", 1)
        if status not in _WORDS:
            raise bad_request(f"A fault has one of the status codes {sorted(_WORDS)}.")
        if not isinstance(count, int) or count < 0:
            raise bad_request("The count of a fault is a whole number.")
        refusal = refusal_for(status, int(wish.get("retry_after_ms", 1)), wish.get("substatus"))
        disturbance = Disturbance(refusal, applied=bool(wish.get("applied", False)))
        self._ordered.append(Fault(disturbance, count, wish.get("method"), wish.get("container")))

    def clear(self) -> None:
        self._ordered.clear()

    def pending(self) -> int:
        return sum(fault.left for fault in self._ordered)

    def next_for(self, method: str, container: str) -> Disturbance | None:
        for fault in self._ordered:
            if fault.left and fault.concerns(method, container):
                fault.left -= 1
                return fault.disturbance
        return None


def refusal_for(status: int, retry_after_ms: int = 1, substatus: int | None = None) -> Refusal:
    """As a busy service words it; `substatus` instead of the usual one."""
    code, message, usual = _WORDS[status]
    headers = {}
    if status in (429, 449):
        headers["x-ms-retry-after-ms"] = str(retry_after_ms)
    return Refusal(status, code, message, usual if substatus is None else substatus, headers)
