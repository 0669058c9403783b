"""All timer triggers of an app: their listeners, and a push by hand."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from local.host import index, logs
from local.host.failures import IndexFailed
from local.host.index import IndexedFunction
from local.host.invocations import Invocations
from local.host.listeners import Listener
from local.host.singletons import Singletons
from local.host.timers.clock import Clock
from local.host.timers.listener import TimerListener, timer_datum
from local.host.timers.monitor import Monitor
from local.host.timers.schedules import Every, Schedule, parse

# As in Azure, what runs more often than once a minute is not made up.
WORTH_REMEMBERING = timedelta(minutes=1)
TIME_ZONE = "WEBSITE_TIME_ZONE"
IS_UTC = frozenset({"", "utc", "etc/utc"})


class TimerSource:
    """Makes one listener per function; `data_dir` keeps what has run, and who runs it."""

    kind = index.TIMER

    def __init__(
        self, invocations: Invocations, data_dir: Path, clock: Clock, settings: Mapping[str, str]
    ) -> None:
        self._invocations = invocations
        self._folder = data_dir / "timers"
        self._singletons = Singletons(data_dir / "locks")
        self._clock = clock
        self._settings = settings

    def listeners(self, functions: tuple[IndexedFunction, ...]) -> tuple[Listener, ...]:
        """Raises IndexFailed for a schedule that is wrong, and for a time zone other than UTC."""
        if functions and self._settings.get(TIME_ZONE, "").lower() not in IS_UTC:
            raise IndexFailed(
                f"Function {functions[0].name}: schedules are in UTC; Azure's Flex Consumption "
                f"plan does not know the setting {TIME_ZONE} either."
            )
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
        if isinstance(schedule, Every):
            logs.warn("only an App Service plan takes a time span", function=function.name)
        remembers = function.trigger.get("useMonitor") is not False and self._is_rare(schedule)
        monitor = Monitor(self._folder, function.name) if remembers else None
        return TimerListener(
            function, schedule, self._invocations, self._clock, monitor, self._singletons
        )

    def _is_rare(self, schedule: Schedule) -> bool:
        first = schedule.next_after(self._clock.now())
        return schedule.next_after(first) - first >= WORTH_REMEMBERING
