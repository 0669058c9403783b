"""Timers on a clock that is moved by hand: due, missed, slow, failed, stopped."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.host.engine import Cause, Engine, Outcome
from local.host.failures import IndexFailed
from local.host.index import IndexedFunction
from local.host.invocations import Invocations
from local.host.retry import RetryPolicy
from local.host.stopping import Stop
from local.host.timers import listener
from local.host.timers.monitor import Monitor
from local.host.timers.source import TimerSource

START = datetime(2026, 11, 20, 10, 7, 30, tzinfo=UTC)


class HandClock:
    """A clock that jumps to whatever is waited for, up to an end."""

    def __init__(self, now: datetime, ends: datetime) -> None:
        self.time = now
        self.ends = ends

    def now(self) -> datetime:
        return self.time

    async def sleep_until(self, when: datetime, stop: Stop) -> None:
        await asyncio.sleep(0)
        if when > self.ends:
            stop.ask()
        else:
            self.time = max(self.time, when)


class TimedEngine(Engine):
    """Stands where the engine stands: notes when a function ran and with what."""

    def __init__(self, clock: HandClock, *, takes_s: float = 0, failures: int = 0) -> None:
        super().__init__(())
        self.clock = clock
        self.takes_s = takes_s
        self.failures = failures
        self.runs: list[tuple[str, bool]] = []

    async def run(
        self, function_id: str, inputs: Any, metadata: Any, *, invocation_id: str, cause: Cause
    ) -> Outcome:
        at = self.clock.time.strftime("%d %H:%M:%S")
        self.runs.append((at, '"IsPastDue": true' in inputs["timer"].value))
        self.clock.time += timedelta(seconds=self.takes_s)
        self.failures -= 1
        return Outcome(self.failures < 0, error="failed")


def timer(schedule: str, retry: RetryPolicy | None = None, **more: Any) -> IndexedFunction:
    trigger = {"type": "timerTrigger", "name": "timer", "schedule": schedule, **more}
    return IndexedFunction("1", "sweep", trigger, retry, disabled=False)


async def run(
    function: IndexedFunction,
    folder: Path,
    *,
    minutes: float,
    start: datetime = START,
    **engine: Any,
) -> list[tuple[str, bool]]:
    """When the function ran, and whether it was told that it was late."""
    clock = HandClock(start, start + timedelta(minutes=minutes))
    made = TimedEngine(clock, **engine)
    source = TimerSource(Invocations(made), folder, clock, {})
    (made_for_it,) = source.listeners((function,))
    await made_for_it.run(Stop())
    return made.runs


async def test_it_runs_when_it_is_due(folder: Path) -> None:
    runs = await run(timer("0 */5 * * * *"), folder, minutes=14)
    assert runs == [("20 10:10:00", False), ("20 10:15:00", False), ("20 10:20:00", False)]


async def test_it_runs_at_the_start_when_asked_to(folder: Path) -> None:
    runs = await run(timer("0 0 0 * * *", runOnStartup=True), folder, minutes=14)
    assert runs == [("20 10:07:30", False)]


async def test_what_was_missed_is_made_up_once(folder: Path) -> None:
    function = timer("0 */5 * * * *")
    await run(function, folder, minutes=5)
    later = START + timedelta(hours=3)
    assert await run(function, folder, minutes=4, start=later) == [
        ("20 13:07:30", True),
        ("20 13:10:00", False),
    ]


async def test_nothing_is_made_up_when_nothing_was_missed(folder: Path) -> None:
    function = timer("0 */5 * * * *")
    await run(function, folder, minutes=5)
    again = START + timedelta(minutes=6)
    assert await run(function, folder, minutes=3, start=again) == [("20 10:15:00", False)]


async def test_a_run_that_was_made_up_replaces_the_one_at_the_start(folder: Path) -> None:
    function = timer("0 */5 * * * *", runOnStartup=True)
    await run(function, folder, minutes=1)
    later = START + timedelta(hours=1)
    assert await run(function, folder, minutes=1, start=later) == [("20 11:07:30", True)]


@pytest.mark.parametrize("more", [{"useMonitor": False}, {"schedule": "*/10 * * * * *"}])
async def test_some_timers_remember_nothing(folder: Path, more: dict[str, Any]) -> None:
    function = timer(**{"schedule": "0 */5 * * * *", **more})
    await run(function, folder, minutes=5)
    runs = await run(function, folder, minutes=1, start=START + timedelta(hours=1))
    assert not any(past_due for _, past_due in runs)
    assert not (folder / "timers").exists()


async def test_another_schedule_begins_anew(folder: Path) -> None:
    await run(timer("0 */5 * * * *"), folder, minutes=5)
    runs = await run(timer("0 0 * * * *"), folder, minutes=1, start=START + timedelta(hours=9))
    assert runs == []


async def test_a_broken_record_begins_anew(folder: Path) -> None:
    (folder / "timers").mkdir()
    (folder / "timers" / "sweep.json").write_text("{")
    assert await run(timer("0 */5 * * * *"), folder, minutes=3) == [("20 10:10:00", False)]
    status = Monitor(folder / "timers", "sweep").read()
    assert status is not None
    assert status.due == datetime(2026, 11, 20, 10, 15, tzinfo=UTC)


async def test_what_fell_due_during_a_slow_run_follows_it_once(folder: Path) -> None:
    """As Azure's timer does: never two at once, and no heap of runs afterwards."""
    runs = await run(timer("0 */5 * * * *"), folder, minutes=16, takes_s=12 * 60)
    assert runs == [("20 10:10:00", False), ("20 10:22:00", False)]


async def test_a_failure_waits_for_the_next_time(folder: Path) -> None:
    runs = await run(timer("0 */5 * * * *"), folder, minutes=8, failures=1)
    assert runs == [("20 10:10:00", False), ("20 10:15:00", False)]


async def test_a_failure_is_repeated_where_the_policy_says_so(folder: Path) -> None:
    function = timer("0 */5 * * * *", RetryPolicy(2, 0.0, 0.0))
    runs = await run(function, folder, minutes=3, failures=9)
    assert runs == [("20 10:10:00", False)] * 3


def test_a_wrong_schedule_names_the_function(folder: Path) -> None:
    clock = HandClock(START, START)
    source = TimerSource(Invocations(TimedEngine(clock)), folder, clock, {})
    with pytest.raises(IndexFailed, match=r"Function sweep: schedule: .*six fields"):
        source.listeners((timer("daily"),))


async def test_two_hosts_on_the_same_data_run_a_timer_once(folder: Path) -> None:
    clock = HandClock(START, START + timedelta(minutes=14))
    engines = [TimedEngine(clock), TimedEngine(clock)]
    stop = Stop()
    listeners = [
        each
        for made in engines
        for each in TimerSource(Invocations(made), folder, clock, {}).listeners(
            (timer("0 */5 * * * *"),)
        )
    ]
    await asyncio.gather(*(each.run(stop) for each in listeners))
    runs = [run for made in engines for run in made.runs]
    assert [at for at, _ in runs] == ["20 10:10:00", "20 10:15:00", "20 10:20:00"]


async def test_a_time_span_is_counted_from_run_to_run(folder: Path) -> None:
    runs = await run(timer("00:06:00"), folder, minutes=14)
    assert runs == [("20 10:13:30", False), ("20 10:19:30", False)]
    later = START + timedelta(hours=1)
    assert await run(timer("00:06:00"), folder, minutes=1, start=later) == [("20 11:07:30", True)]


@pytest.mark.parametrize("span", ["00:00:00", "1:2:3:4", "00:99"])
def test_an_impossible_time_span_names_the_function(folder: Path, span: str) -> None:
    clock = HandClock(START, START)
    source = TimerSource(Invocations(TimedEngine(clock)), folder, clock, {})
    with pytest.raises(IndexFailed, match="Function sweep: schedule"):
        source.listeners((timer(span),))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "W. Europe Standard Time"])
def test_another_time_zone_is_refused(folder: Path, zone: str) -> None:
    clock = HandClock(START, START)
    invocations, settings = Invocations(TimedEngine(clock)), {"WEBSITE_TIME_ZONE": zone}
    source = TimerSource(invocations, folder, clock, settings)
    with pytest.raises(IndexFailed, match=r"Function sweep: .*WEBSITE_TIME_ZONE"):
        source.listeners((timer("0 */5 * * * *"),))
    assert source.listeners(()) == ()
    utc = TimerSource(invocations, folder, clock, {"WEBSITE_TIME_ZONE": "UTC"})
    assert utc.listeners((timer("0 */5 * * * *"),))


def test_the_log_names_the_time_as_dotnet_writes_it() -> None:
    assert listener._o(START) == "2026-11-20T10:07:30.0000000+00:00"
