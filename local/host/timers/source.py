"""All timer triggers of an app: their listeners, and a push by hand."""

from datetime import timedelta
from pathlib import Path

from local.host import index
from local.host.failures import IndexFailed
from local.host.index import IndexedFunction
from local.host.invocations import Invocations
from local.host.listeners import Listener
from local.host.timers.clock import Clock
from local.host.timers.listener import TimerListener, timer_datum
from local.host.timers.monitor import Monitor
from local.host.timers.ncrontab import Schedule, parse

# As in Azure, what runs more often than once a minute is not made up.
WORTH_REMEMBERING = timedelta(minutes=1)


class TimerSource:
    """Makes one listener per function; `data_dir` keeps what has run."""

    kind = index.TIMER

    def __init__(self, invocations: Invocations, data_dir: Path, clock: Clock) -> None:
        self._invocations = invocations
        self._folder = data_dir / "timers"
        self._clock = clock

    def listeners(self, functions: tuple[IndexedFunction, ...]) -> tuple[Listener, ...]:
        """Raises IndexFailed for a schedule that is wrong."""
        return tuple(self._listener(function) for function in functions)

    async def push(self, function: IndexedFunction, given: str) -> object:
        """Run now; what an operator typed has no place in a timer."""
        del given
        return await self._invocations.run(function, timer_datum(None, past_due=False))

    async def close(self) -> None:
        """Timers share nothing."""

    def _listener(self, function: IndexedFunction) -> Listener:
        try:
            schedule = parse(str(function.trigger["schedule"]))
        except ValueError as error:
            raise IndexFailed(f"Function {function.name}: schedule: {error}.") from error
        remembers = function.trigger.get("useMonitor") is not False and self._is_rare(schedule)
        monitor = Monitor(self._folder, function.name) if remembers else None
        return TimerListener(function, schedule, self._invocations, self._clock, monitor)

    def _is_rare(self, schedule: Schedule) -> bool:
        first = schedule.next_after(self._clock.now())
        return schedule.next_after(first) - first >= WORTH_REMEMBERING
