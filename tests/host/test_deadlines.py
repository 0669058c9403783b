"""Ends that come after a fixed time: on a clock that is moved by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field

from local.host.deadlines import Deadlines


@dataclass
class HandTimer:
    when: float
    callback: Callable[[], None]
    off: bool = False

    def cancel(self) -> None:
        self.off = True


@dataclass
class HandLoop:
    """A loop whose time moves when it is told to."""

    now: float = 100.0
    timers: list[HandTimer] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], None]) -> HandTimer:
        self.timers.append(HandTimer(when, callback))
        return self.timers[-1]

    def move(self, seconds: float) -> None:
        self.now += seconds
        due = [each for each in self.timers if each.when <= self.now]
        self.timers = [each for each in self.timers if each.when > self.now]
        for each in due:
            each.callback()


def test_they_come_in_order_and_only_when_they_are_due() -> None:
    loop, rung = HandLoop(), list[str]()
    deadlines = Deadlines(10, loop)
    for name in ("a", "b", "c"):
        deadlines.set(name, lambda name=name: rung.append(name))  # type: ignore[misc] # its own name
        loop.move(1)
    loop.move(7)
    assert rung == ["a"]
    loop.move(0.5)
    assert rung == ["a"]
    loop.move(2)
    assert rung == ["a", "b", "c"]


def test_what_is_called_off_never_comes_and_any_number_needs_one_timer() -> None:
    loop, rung = HandLoop(), list[int]()
    deadlines = Deadlines(10, loop)
    for number in range(1000):
        deadlines.set(number, lambda number=number: rung.append(number))  # type: ignore[misc] # as above
        if number != 500:
            deadlines.call_off(number)
            deadlines.call_off(number)
    assert len(loop.timers) == 1
    loop.move(10)
    assert rung == [500]
    loop.move(100)
    assert (rung, loop.timers) == ([500], [])


def test_a_later_one_is_awaited_after_an_earlier_one_was_called_off() -> None:
    loop, rung = HandLoop(), list[str]()
    deadlines = Deadlines(10, loop)
    deadlines.set("a", lambda: rung.append("a"))
    loop.move(6)
    deadlines.set("b", lambda: rung.append("b"))
    deadlines.call_off("a")
    loop.move(4)
    assert rung == []
    loop.move(6)
    assert rung == ["b"]


def test_without_a_length_there_is_no_end() -> None:
    loop = HandLoop()
    Deadlines(None, loop).set("a", lambda: None)
    assert loop.timers == []
