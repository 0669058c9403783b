"""Forgets people who were deleted, with all that was ever sent to them."""

from collections.abc import Iterable
from typing import Protocol

from functions.notifications.domain.people import nobody
from functions.notifications.service.ports import Deliveries, People
from shared.contracts.auth import UserDeleted
from shared.errors import Conflict, Missing, Stale
from shared.platform.clock import Clock
from shared.records.document import Stored


class Traces(Protocol):
    """What was sent to people, and the trails of it."""

    async def trails(self, tenant_id: str, key: str, documents: list[str]) -> None: ...
    async def person(self, tenant_id: str, user_id: str, *, spared: Iterable[str] = ()) -> None: ...


class ForgettingService:
    """An id stays, so that an older message makes nobody known again."""

    def __init__(self, people: People, deliveries: Deliveries, traces: Traces, now: Clock) -> None:
        self._people = people
        self._deliveries = deliveries
        self._traces = traces
        self._now = now

    async def forget(self, event: UserDeleted) -> None:
        """Safe to repeat."""
        try:
            stored = await self._people.get(event.tenant_id, event.user_id)
        except Missing:
            await self._first(event)
        else:
            await self._people.save(stored.now(nobody(event)), "forget user")
        for delivery in await self._deliveries.to_user(event.tenant_id, event.user_id):
            forgotten = delivery.document.forgotten(self._now())
            await self._deliveries.save(delivery.now(forgotten), "forget recipient")
        await self._traces.trails(event.tenant_id, event.user_id, [event.user_id])
        await self._traces.person(event.tenant_id, event.user_id, spared=("Delivery",))

    async def _first(self, event: UserDeleted) -> None:
        try:
            await self._people.save(Stored(nobody(event)), "forget user")
        except Conflict as error:  # became known meanwhile
            raise Stale(str(error)) from error
