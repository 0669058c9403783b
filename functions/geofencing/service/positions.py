"""Positions: taken, turned into arrivals and departures, shown."""

import asyncio
from collections.abc import Sequence

from functions.geofencing.domain.driver import Driver, may_report
from functions.geofencing.domain.engine import MAX_ACCURACY_M
from functions.geofencing.domain.positions import Doubt, Position, chunk_of, doubt
from functions.geofencing.domain.refusals import FromTheFuture
from functions.geofencing.domain.track import Standing
from functions.geofencing.models import PositionVerdict, ReportPositions, ReportView
from functions.geofencing.service.ports import Drivers, KnownFences
from shared.contracts.auth import UserChanged, UserDeleted
from shared.errors import Conflict, Missing, Stale, Unavailable
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.records.document import Beside, Stored

ATTEMPTS = 5
MOST_SAVES_OF_EVENTS = 10
REJECTED = "rejected"


class PositionService:
    """Drivers and their ways."""

    def __init__(self, drivers: Drivers, fences: KnownFences, now: Clock) -> None:
        self._drivers = drivers
        self._fences = fences
        self._now = now

    async def report(self, caller: Caller, wish: ReportPositions) -> ReportView:
        """Raises FromTheFuture if all are, DriverNotActive, or Unavailable in a crowd."""
        now = self._now()
        positions = [each.position for each in wish.positions]
        doubts = [doubt(each.at, now) for each in positions]
        if all(each is Doubt.FROM_THE_FUTURE for each in doubts):
            raise FromTheFuture("Every position is ahead of our clock; set the device's time.")
        believed = [each for each, why in zip(positions, doubts, strict=True) if why is None]
        standings = iter(await self._take(caller, believed) if believed else [])
        verdicts = [
            _verdict(index, position, why, None if why else next(standings))
            for index, (position, why) in enumerate(zip(positions, doubts, strict=True))
        ]
        return _counted(verdicts)

    async def latest(self, caller: Caller, driver_id: str) -> tuple[Driver, Position]:
        """Raises Missing where nothing was reported yet."""
        stored = await self._drivers.find(caller.tenant_id, driver_id)
        if stored is None or stored.document.latest is None:
            raise Missing(f"No position of {driver_id} is known.")
        return stored.document, stored.document.latest

    async def keep_driver(self, event: UserChanged) -> None:
        """Safe to repeat and in any order: an older version changes nothing."""
        stored = await self._drivers.find(event.tenant_id, event.user_id)
        if stored is None and not may_report(event):
            return
        stored = stored or _unknown(event.tenant_id, event.user_id, event.name)
        driver = stored.document.known_as(event)
        if driver is stored.document:
            return
        try:
            await self._drivers.save(_changed(stored, driver), "keep driver")
        except Conflict as error:  # reported for the first time meanwhile
            raise Stale(str(error)) from error

    async def forget_driver(self, event: UserDeleted) -> None:
        """Safe to repeat. What is told of them later, and is older, changes nothing."""
        stored = await self._drivers.find(event.tenant_id, event.user_id)
        stored = stored or _unknown(event.tenant_id, event.user_id, "")
        try:
            await self._drivers.save(_changed(stored, stored.document.forget()), "forget driver")
        except Conflict as error:
            raise Stale(str(error)) from error

    async def _take(self, caller: Caller, positions: Sequence[Position]) -> list[Standing]:
        fences = await self._fences.of(caller.tenant_id)
        for _ in range(ATTEMPTS):
            stored = await self._drivers.find(caller.tenant_id, caller.id) or _unknown(
                caller.tenant_id, caller.id, caller.name
            )
            stored.document.must_be_active()
            driver, standings = await asyncio.to_thread(
                stored.document.reporting, positions, fences
            )
            kept = [
                position
                for position, standing in zip(positions, standings, strict=True)
                if standing is not Standing.DUPLICATE
            ]
            if not kept and not driver.track.waiting:
                return standings
            try:
                saved = await self._save(stored, driver, kept)
            except (Stale, Conflict):  # another report of this driver was faster
                continue
            await self._tell_the_rest(saved)
            return standings
        raise Unavailable("Too many reports of this driver at once.", retry_after_s=1)

    async def _save(
        self, stored: Stored[Driver], driver: Driver, kept: Sequence[Position]
    ) -> Stored[Driver]:
        told_driver, events = driver.telling()
        beside = [Beside(chunk_of(driver.tenant_id, driver.id, kept))] if kept else []
        return await self._drivers.save(
            _changed(stored, told_driver), "report positions", *events, beside=beside
        )

    async def _tell_the_rest(self, stored: Stored[Driver]) -> None:
        """More events than one batch takes. Whoever saves the driver next goes on where we end."""
        for _ in range(MOST_SAVES_OF_EVENTS):
            if not stored.document.track.waiting:
                return
            try:
                stored = await self._save(stored, stored.document, [])
            except Stale:
                return


def _unknown(tenant_id: str, driver_id: str, name: str) -> Stored[Driver]:
    return Stored(Driver(id=driver_id, tenant_id=tenant_id, name=name))


def _changed(stored: Stored[Driver], driver: Driver) -> Stored[Driver]:
    """What was never saved has nothing before it."""
    return stored.now(driver) if stored.etag else Stored(driver)


def _verdict(
    index: int, position: Position, why: Doubt | None, standing: Standing | None
) -> PositionVerdict:
    if standing is None:
        return PositionVerdict(index=index, verdict=REJECTED, reason=why)
    vague = standing is Standing.ACCEPTED and position.fix.accuracy_m > MAX_ACCURACY_M
    reason = "too-inaccurate-for-geofences" if vague else None
    if standing is Standing.LATE:
        reason = "older-than-the-window"
    return PositionVerdict(index=index, verdict=standing, reason=reason)


def _counted(verdicts: list[PositionVerdict]) -> ReportView:
    given = [each.verdict for each in verdicts]
    return ReportView(
        verdicts=verdicts,
        accepted=given.count(Standing.ACCEPTED),
        duplicate=given.count(Standing.DUPLICATE),
        late=given.count(Standing.LATE),
        rejected=given.count(REJECTED),
    )
