"""The rules of a plan: read from JSON, each checked, and refused in one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from local.faults.parts import DELAYS_S, FAULTS, KILLED, POINTS


class PlanRefused(ValueError):
    """The plan cannot be followed. Its one sentence names the field and the value."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` tells this rule from others in the draw. No `count`: without end."""

    name: str
    part: str
    faults: tuple[str, ...]
    rate: float = 1.0
    operation: str = "*"
    target: str = "*"
    at: str | None = None
    count: int | None = None
    after: int = 0
    retry_after_ms: int = 20
    delay_s: float | None = None

    def concerns(self, operation: str, target: str) -> bool:
        return fnmatchcase(operation, self.operation) and fnmatchcase(target, self.target)

    def delay_of(self, fault: str) -> float:
        return DELAYS_S.get(fault, 0.0) if self.delay_s is None else self.delay_s


@dataclass(frozen=True, slots=True)
class Plan:
    seed: int
    rules: tuple[Rule, ...]

    def of(self, part: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.part == part)


_TOP = ("seed", "everywhere", "rules")
_FIELDS = (
    *("part", "fault", "rate", "operation", "target"),
    *("at", "count", "after", "retry_after_ms", "delay_s"),
)


def parsed(document: object) -> Plan:
    """Raises PlanRefused."""
    plan = _object(document, "The plan", _TOP)
    seed = _whole(plan, "seed", 0, lowest=None)
    listed = plan.get("rules", [])
    if not isinstance(listed, list):
        raise PlanRefused(f"rules is a list of objects, not {listed!r}.")
    rules = [_rule(rule, f"rules[{place}]") for place, rule in enumerate(listed)]
    everywhere = _share(plan, "everywhere", 0.0)
    if everywhere:
        rules += [
            Rule("everywhere", part, faults, rate=everywhere)
            for part, faults in FAULTS.items()
            if faults
        ]
    return Plan(seed, tuple(rules))


def _rule(document: object, name: str) -> Rule:
    given = _object(document, name, _FIELDS)
    part = _one_of(given, "part", tuple(FAULTS), name)
    fault = _one_of(given, "fault", (*FAULTS[part], *((KILLED,) if part in POINTS else ())), name)
    at = _one_of(given, "at", POINTS[part], name) if fault == KILLED else None
    if at is None and "at" in given:
        raise PlanRefused(f"{name}.at is for the fault 'killed' alone, not for {fault!r}.")
    if at is not None and "operation" in given:
        raise PlanRefused(f"{name}.operation is not for 'killed': `at` says where.")
    return Rule(
        name,
        part,
        (fault,),
        rate=_share(given, "rate", 1.0, f"{name}."),
        operation=_text(given, "operation", name),
        target=_text(given, "target", name),
        at=at,
        count=_whole(given, "count", 1, f"{name}.", lowest=1) if "count" in given else None,
        after=_whole(given, "after", 0, f"{name}."),
        retry_after_ms=_whole(given, "retry_after_ms", 20, f"{name}."),
        delay_s=_number(given, "delay_s", f"{name}.", 3600.0) if "delay_s" in given else None,
    )


def _object(document: object, name: str, fields: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(document, dict):
        raise PlanRefused(f"{name} is an object, not {document!r}.")
    for field in document:
        if field not in fields:
            raise PlanRefused(f"{name} has no field {field!r}; it may have {', '.join(fields)}.")
    return document


def _one_of(given: Mapping[str, Any], field: str, allowed: tuple[str, ...], name: str) -> str:
    value = given.get(field)
    if not isinstance(value, str) or value not in allowed:
        where = "" if field == "part" else f" for the part {given['part']!r}"
        choice = ", ".join(allowed) or "nothing"
        raise PlanRefused(f"{name}.{field}{where} is one of {choice}, not {value!r}.")
    return value


def _text(given: Mapping[str, Any], field: str, name: str) -> str:
    value = given.get(field, "*")
    if not isinstance(value, str) or not value:
        raise PlanRefused(f"{name}.{field} is a name or a pattern like 'trips_*', not {value!r}.")
    return value


def _share(given: Mapping[str, Any], field: str, otherwise: float, before: str = "") -> float:
    return _number(given, field, before, 1.0) if field in given else otherwise


def _number(given: Mapping[str, Any], field: str, before: str, most: float) -> float:
    value = given[field]
    # NaN is neither at least 0 nor at most anything, and so refused as well.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise PlanRefused(f"{before}{field} is a number from 0 to {most:g}, not {value!r}.")
    return float(value)


def _whole(
    given: Mapping[str, Any],
    field: str,
    otherwise: int,
    before: str = "",
    lowest: int | None = 0,
) -> int:
    value = given.get(field, otherwise)
    fits = isinstance(value, int) and not isinstance(value, bool)
    if not fits or (lowest is not None and value < lowest):
        least = "" if lowest is None else f" of at least {lowest}"
        raise PlanRefused(f"{before}{field} is a whole number{least}, not {value!r}.")
    return int(value)
