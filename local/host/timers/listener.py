"""Runs one function on its schedule: never twice at once, and once for a time that was missed."""

from datetime import datetime
from typing import Any

from local.host import datums, retrying
from local.host.index import IndexedFunction
from local.host.invocations import Invocations
from local.host.singletons import Singletons
from local.host.stopping import Stop
from local.host.timers.clock import Clock
from local.host.timers.monitor import Monitor, Status
from local.host.timers.schedules import Schedule


def timer_datum(status: Status | None, *, past_due: bool) -> Any:
    """What a timer function receives."""
    known = (
        {
            "Last": status.last.isoformat() if status.last else "0001-01-01T00:00:00+00:00",
            "Next": status.due.isoformat(),
            "LastUpdated": status.updated.isoformat(),
        }
        if status
        else None
    )
    return datums.as_json(
        {"Schedule": {"AdjustForDST": True}, "ScheduleStatus": known, "IsPastDue": past_due}
    )


class TimerListener:
    """Listens to the clock."""

    def __init__(
        self,
        function: IndexedFunction,
        schedule: Schedule,
        invocations: Invocations,
        clock: Clock,
        monitor: Monitor | None,
        singletons: Singletons,
    ) -> None:
        self.function = function
        self.state = "starting"
        self._expression = str(function.trigger["schedule"])
        self._schedule = schedule
        self._invocations = invocations
        self._clock = clock
        self._monitor = monitor
        self._singletons = singletons

    async def run(self, stop: Stop) -> None:
        """Run at every due time until `stop`, once no other host on this data does."""
        self.state = "waiting for another host"
        async with self._singletons.held(self.function.name, stop) as mine:
            if mine:
                self.state = "listening"
                await self._run(stop)
        self.state = "stopped"

    async def _run(self, stop: Stop) -> None:
        status = self._remembered()
        if status.due <= self._clock.now():
            status = await self._fire(status, stop, past_due=True)
        elif self.function.trigger.get("runOnStartup"):
            status = await self._fire(status, stop, past_due=False)
        while not stop.asked:
            await self._clock.sleep_until(status.due, stop)
            if not stop.asked:
                status = await self._fire(status, stop, past_due=False)

    def _remembered(self) -> Status:
        """What the last host left; a schedule that was changed since begins anew."""
        status = self._monitor.read() if self._monitor else None
        if status is not None and status.schedule == self._expression:
            return status
        now = self._clock.now()
        fresh = Status(self._expression, None, self._schedule.next_after(now), now)
        self._keep(fresh)
        return fresh

    async def _fire(self, status: Status, stop: Stop, *, past_due: bool) -> Status:
        value = timer_datum(status if self._monitor else None, past_due=past_due)
        began = self._clock.now()
        done = await retrying.run(
            self._invocations, self.function, value, stop, reason=f"Timer fired at {_o(began)}"
        )
        if done is None:
            return status  # stopped between attempts: the next host makes it up
        self._invocations.faults.point("before-settle", self.function.name)
        # As in Azure the next time is reckoned from when this run began: what fell due while it ran
        # follows it at once, and only once.
        due = self._schedule.next_after(began)
        fresh = Status(self._expression, began, due, self._clock.now())
        self._keep(fresh)
        self._invocations.faults.point("after-settle", self.function.name)
        return fresh

    def _keep(self, status: Status) -> None:
        if self._monitor:
            self._monitor.write(status)


def _o(when: datetime) -> str:
    """As .NET writes a time in its round-trip format."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.%f0+00:00")
