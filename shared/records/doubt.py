"""When Cosmos does not answer as it should: whether to ask again, and what proves a save.

A reply that is lost says nothing of what was done. A save is known by what nobody else can have
written: its audit entry, whose hash covers the whole change, or else its event, or its document,
which carries the save's own mark.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from shared.records.batch import Operation

T = TypeVar("T")
ATTEMPTS = 3
FIRST_PAUSE_S = 0.05
SOON_S = 5.0  # who has waited longer is told, and comes back
UNDONE = 449  # Cosmos met itself and asks for another attempt, which the SDK does not make
UNKNOWN = frozenset({408, 500, 502, 503, 504})


def in_doubt(error: BaseException) -> bool:
    """Whether what was asked for may have been done, though the answer is no success."""
    from azure.core.exceptions import ServiceResponseError
    from azure.cosmos.exceptions import CosmosHttpResponseError

    if isinstance(error, CosmosHttpResponseError):
        return error.status_code in UNKNOWN
    return isinstance(error, ServiceResponseError)


def is_passing(error: BaseException) -> bool:
    """Whether another attempt a moment later may do better, if it may be made."""
    return getattr(error, "status_code", None) == UNDONE or in_doubt(error)


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """What `ask`, which changes nothing, gives; it is asked up to ATTEMPTS times."""
    attempts = Attempts()
    while True:
        try:
            return await ask()
        except Exception as error:
            if not is_passing(error) or attempts.over():
                raise
        await attempts.pause()


class Attempts:
    """How often and how long somebody has tried; a busy store is not worn down any further."""

    def __init__(self) -> None:
        self._made = 0
        self._until = time.monotonic() + SOON_S

    def over(self) -> bool:
        """Counts the attempt that has just failed."""
        self._made += 1
        return self._made >= ATTEMPTS or time.monotonic() > self._until

    async def pause(self) -> None:
        await asyncio.sleep(FIRST_PAUSE_S * 2**self._made)


def proof_of(batch: Sequence[Operation]) -> dict[str, Any] | None:
    """The item that is there if, and only if, this batch was done; None where nothing tells."""
    for kind in ("audit", "outbox"):
        for operation in batch:
            if operation.item["kind"] == kind:
                return operation.item
    return next((each.item for each in batch if each.clash == "exists"), None) or next(
        (each.item for each in batch if each.kind == "replace"), None
    )


def is_same(found: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Ours is what Cosmos keeps, apart from what it adds itself."""
    if ours["kind"] == "audit":
        return bool(found["entry"]["hash"] == ours["entry"]["hash"])
    return {name: value for name, value in found.items() if not name.startswith("_")} == ours
