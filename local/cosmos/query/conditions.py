"""Conditions on single values of a document, simple enough for a store to check them itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from local.cosmos.query.paths import Steps

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class IsThere:
    """There is a value at the path, null included; with `missing`, there is none."""

    path: Steps
    missing: bool = False


@dataclass(frozen=True, slots=True)
class IsOneOf:
    """The value at the path equals one of these."""

    path: Steps
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class IsBetween:
    """The value is of the bounds' type and not outside them. Bounds are strings or numbers."""

    path: Steps
    low: str | float | None
    high: str | float | None


@dataclass(frozen=True, slots=True)
class Holds:
    """The array at the path has this value among its items."""

    path: Steps
    value: Scalar


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part; of none, never."""

    parts: "tuple[Condition, ...]"


Condition = IsThere | IsOneOf | IsBetween | Holds | AllOf | AnyOf


def paths_of(condition: Condition | None) -> Iterator[str]:
    """The paths it asks about, as index policies write them."""
    match condition:
        case None:
            return
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from paths_of(part)
        case _:
            yield "/" + "/".join(condition.path)
