"""Faults by plan: which data operation a call is, and how the plan's faults look on the wire."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from local.cosmos.call import Call
from local.cosmos.container import Container
from local.cosmos.faults import Disturbance, refusal_for
from local.cosmos.store import Store
from local.faults.plan import NONE, Faults

_STATUS = {"throttled": 429, "retry-with": 449, "unavailable": 503, "timeout": 408}
_LOST = "reply-lost"
_BY_METHOD = {"GET": "read", "PUT": "replace", "PATCH": "patch", "DELETE": "delete"}


class Planned:
    """Asks the plan about each data operation; targets are the ids of containers."""

    def __init__(self, faults: Faults = NONE) -> None:
        self._faults = faults
        self._lost: Counter[tuple[str, str]] = Counter()

    def next_for(self, call: Call, container: Container) -> Disturbance | None:
        if self._faults is NONE:
            return None
        operation = operation_of(call)
        fault = self._faults.next(operation, container.id)
        if fault is None:
            return None
        if fault.name == _LOST:
            return self._lost_reply(operation, container.id)
        return Disturbance(refusal_for(_STATUS[fault.name], fault.retry_after_ms))

    @contextmanager
    def transaction(self, store: Store, container: Container) -> Iterator[None]:
        """One of the store's, between the points where the plan may kill this process."""
        with store.transaction():
            yield
            self._faults.point("before-commit", container.id)
        self._faults.point("after-commit", container.id)

    def _lost_reply(self, operation: str, target: str) -> Disturbance:
        """Every other time the connection ends without a word, as networks lose replies too."""
        self._lost[operation, target] += 1
        silent = self._lost[operation, target] % 2 == 0
        return Disturbance(refusal_for(503), applied=True, silent=silent)


def operation_of(call: Call) -> str:
    """The name that plans use for a call on `docs` or below."""
    if len(call.segments) > 5:
        return _BY_METHOD.get(call.method, "read")
    if call.method == "GET":
        return "change-feed" if call.is_change_feed else "query"
    if call.is_query:
        return "query"
    if call.flag("x-ms-cosmos-is-batch-request"):
        return "batch"
    return "upsert" if call.flag("x-ms-documentdb-is-upsert") else "create"
