"""One seeded plan of faults, and what a part asks of it; it knows no part's protocol.

A plan is a JSON file. Every part reads it (`--faults FILE`) and follows what concerns it:

    {"seed": 7,
     "everywhere": 0.03,
     "rules": [
       {"part": "cosmos", "fault": "throttled", "rate": 0.5, "retry_after_ms": 50,
        "operation": "create", "target": "trips", "count": 5, "after": 2},
       {"part": "host", "fault": "killed", "at": "before-settle",
        "target": "trips_on_*", "count": 1}]}

`seed`        a whole number. The same seed gives the same faults to the same calls.
`everywhere`  0 to 1: this share of each part's operations fails, all its faults being as likely.
`rules`       the first rule that decides for a fault wins, before `everywhere`:
  part            cosmos, servicebus, blob, tsa, livekit, communication, host
  fault           a fault of that part (`local/faults/parts.py` lists them), or `killed`
  rate            0 to 1, the share of the calls that it befalls (1)
  operation, target   names or patterns (`*`, `?`, `[ab]`) of what it befalls (`*`)
  after           that many calls which fit the rule pass first (0)
  count           and it befalls no more than that many; without it, no end
  retry_after_ms  what the caller is told to wait (20)
  delay_s         how long `slow` and `late` last (0.2 and 0.3)
  at              for `killed`: the point where the part kills itself

Whether the nth call of an operation on a target fails is a hash of seed, part, rule, operation,
target and n: calls on other targets, and other parts, do not change it. `after` and `count` go by
the order in which calls arrive. All counting begins anew with each process, except the `count` of
`killed`, which would kill each successor too: that is kept beside the plan, in
`FILE.<part>.kills`. So whoever starts a local Azure gives its parts a copy from `hand_out`.

Parts name few operations and targets (a container, an entity, a function), never ids.
"""

import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from local.faults.kills import Kills, forget
from local.faults.lot import drawn
from local.faults.parts import FAULTS
from local.faults.rules import Plan, PlanRefused, Rule, parsed

__all__ = ["NONE", "Fault", "Faults", "PlanRefused", "hand_out", "read"]


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    retry_after_ms: int = 20
    delay_s: float = 0.0


def end_this_process() -> None:
    """At once, as a power cut would: nothing is flushed, closed or said."""
    os.kill(os.getpid(), signal.SIGKILL)


class Faults:
    """The plan of one part. Safe to ask from several threads."""

    def __init__(
        self,
        plan: Plan,
        part: str,
        kills: Kills | None = None,
        end: Callable[[], None] = end_this_process,
    ) -> None:
        self._seed = plan.seed
        self._part = part
        self._rules = tuple(rule for rule in plan.of(part) if rule.at is None)
        self._points = tuple(rule for rule in plan.of(part) if rule.at is not None)
        self._kills = kills
        self._end = end
        self._calls: Counter[tuple[str, str]] = Counter()
        self._fitting: Counter[str] = Counter()
        self._told: Counter[str] = kills.so_far() if kills else Counter()
        self._lock = Lock()

    def next(
        self, operation: str, target: str = "", among: Collection[str] | None = None
    ) -> Fault | None:
        """What befalls this call, if anything. `among`: the faults that this operation knows."""
        if not self._rules:
            return None
        with self._lock:
            self._calls[operation, target] += 1
            call = (operation, target, str(self._calls[operation, target]))
            for rule in self._rules:
                able = [name for name in rule.faults if among is None or name in among]
                if able and rule.concerns(operation, target):
                    lot = self._decided(rule, call)
                    if lot is not None:
                        name = able[int(lot * len(able))]
                        return Fault(name, rule.retry_after_ms, rule.delay_of(name))
        return None

    def point(self, name: str, target: str = "") -> None:
        """Kills this very process when the plan says so."""
        if not self._points:
            return
        with self._lock:
            self._calls[name, target] += 1
            call = (name, target, str(self._calls[name, target]))
            for rule in self._points:
                if rule.at == name and rule.concerns("", target) and self._falls(rule, call):
                    if self._kills is not None and rule.count is not None:
                        self._kills.add(rule.name)
                    self._end()

    def _falls(self, rule: Rule, call: tuple[str, str, str]) -> bool:
        return self._decided(rule, call) is not None

    def _decided(self, rule: Rule, call: tuple[str, str, str]) -> float | None:
        """None: this rule lets the call pass. Else which of its faults, as 0 <= x < 1."""
        self._fitting[rule.name] += 1
        if self._fitting[rule.name] <= rule.after:
            return None
        if rule.count is not None and self._told[rule.name] >= rule.count:
            return None
        lot = drawn(self._seed, self._part, rule.name, *call)
        if lot >= rule.rate:
            return None
        self._told[rule.name] += 1
        return lot / rule.rate


NONE = Faults(Plan(0, ()), "")


def read(file: Path | None, part: str) -> Faults:
    """The plan of `part`; without a file, NONE. Raises PlanRefused."""
    if file is None:
        return NONE
    if part not in FAULTS:
        raise PlanRefused(f"The part of a plan is one of {', '.join(FAULTS)}, not {part!r}.")
    return Faults(_plan(file), part, Kills(file, part))


def hand_out(file: Path, folder: Path) -> Path:
    """A copy in `folder` for the parts to read, with no kills counted yet. Raises PlanRefused."""
    _plan(file)
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "faults.json"
    forget(copy)
    shutil.copyfile(file, copy)
    return copy


def _plan(file: Path) -> Plan:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanRefused(f"The plan {file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise PlanRefused(f"The plan {file} is not JSON: {error}.") from error
    try:
        return parsed(document)
    except PlanRefused as refusal:
        raise PlanRefused(f"The plan {file}: {refusal}") from refusal
