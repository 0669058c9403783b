"""Deliveries and settlements that go wrong because a plan of faults says so.

Only what at-least-once delivery allows: within a session the order stays, whatever happens.
"""

from collections.abc import Collection

from local.faults.plan import NONE, Fault, Faults
from local.servicebus.entities.held import Held
from local.servicebus.entities.line import Line
from local.servicebus.schedule import Schedule

SEND = ("disconnect",)
RECEIVE = ("disconnect", "reordered", "late")
RECEIVE_IN_ORDER = ("disconnect", "late")
SETTLE = ("disconnect", "lock-lost")
COMPLETE = ("disconnect", "lock-lost", "duplicate")
RENEW = ("disconnect", "lock-lost")


class Mishaps:
    """Of one entity."""

    def __init__(self, faults: Faults, path: str, schedule: Schedule) -> None:
        self._faults = faults
        self._path = path
        self._schedule = schedule

    def next(self, operation: str, among: Collection[str]) -> str | None:
        """The name of the fault that befalls this operation."""
        fault = self._next(operation, among)
        return None if fault is None else fault.name

    def taken(self, line: Line, *, in_order: bool) -> tuple[Held | None, bool]:
        """The next message to deliver, and whether its connection is then cut.

        None: there is none, or it is held back and comes later.
        """
        message = line.take()
        if message is None:
            return None, False
        fault = self._next("receive", RECEIVE_IN_ORDER if in_order else RECEIVE)
        if fault is None:
            return message, False
        if fault.name == "late":
            self._hold_back(line, message, fault.delay_s, in_order=in_order)
            return None, False
        if fault.name == "reordered" and (later := line.take()) is not None:
            line.join(message)
            return later, False
        return message, fault.name == "disconnect"

    def _next(self, operation: str, among: Collection[str]) -> Fault | None:
        if self._faults is NONE:
            return None
        return self._faults.next(operation, self._path, among)

    def _hold_back(self, line: Line, message: Held, delay_s: float, *, in_order: bool) -> None:
        """The message alone, or the whole line where nothing may overtake it."""
        if in_order:
            line.join(message)
            line.resting = True

        def go_on() -> None:
            if in_order:
                line.resting = False
            else:
                line.join(message)
            line.on_more()

        self._schedule.at(self._schedule.now() + round(delay_s * 1000), go_on)
