"""Route templates in ASP.NET's notation: text into segments. Knows no functions and no methods."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from local.host import template_pieces
from local.host.constraints import Constraint
from local.host.template_pieces import Parameter, Piece

WHOLE = re.compile("(.+)", re.DOTALL)


@dataclass(frozen=True)
class Segment:
    """One piece between slashes: a literal, something with parameters, or the rest of a path.

    `pattern` is empty for a literal and for the rest; two segments with the same `key` accept
    exactly the same texts.
    """

    key: str
    names: tuple[str, ...] = ()
    constraints: tuple[tuple[Constraint, ...], ...] = ()
    pattern: re.Pattern[str] | None = None
    takes_rest: bool = False

    @property
    def is_literal(self) -> bool:
        """Whether only one text fits, in upper or lower case."""
        return self.pattern is None and not self.takes_rest

    def read(self, text: str) -> tuple[str, ...] | None:
        """The values of the segment's parameters in `text`; None where it does not fit."""
        match = self.pattern.fullmatch(text) if self.pattern else None
        values = match.groups() if match else ()
        return values if match and self.admits(values) else None

    def admits(self, values: tuple[str, ...]) -> bool:
        """Whether the constraints hold."""
        return all(
            holds(value)
            for value, constraints in zip(values, self.constraints, strict=True)
            for holds in constraints
        )


@dataclass(frozen=True)
class Route:
    """One way to walk a template: its segments, and the values of parameters left out."""

    segments: tuple[Segment, ...]
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters in the order in which their values are met."""
        return tuple(name for segment in self.segments for name in segment.names)


def parse(template: str) -> tuple[Route, ...]:
    """The routes of a template: one more for every parameter at its end that may be left out.

    Raises ValueError with the reason for a template that cannot be served.
    """
    parts = [template_pieces.pieces(each) for each in template_pieces.segments(template)]
    parameters = [each for part in parts for each in part if isinstance(each, Parameter)]
    names = [each.name for each in parameters]
    if len({name.lower() for name in names}) != len(names):
        raise ValueError("a parameter is named twice")
    for each in parameters:
        if each.takes_rest and parts[-1] != [each]:
            raise ValueError("only the last parameter may take the rest of the path")
    return tuple(_routes(parts))


def _routes(parts: list[list[Piece]]) -> Iterator[Route]:
    segments = tuple(_segment(part) for part in parts)
    yield Route(segments)
    shorter = _without_extension(parts[-1]) if parts else None
    if shorter is not None:
        yield Route((*segments[:-1], _segment(shorter)))
    for end in range(len(parts) - 1, -1, -1):
        only = parts[end][0]
        if len(parts[end]) != 1 or isinstance(only, str) or not _may_be_left_out(only):
            return
        yield Route(segments[:end], _defaults(parts[end:]))


def _may_be_left_out(parameter: Parameter) -> bool:
    return parameter.optional or parameter.default is not None


def _defaults(parts: list[list[Piece]]) -> dict[str, str]:
    left_out = (each for part in parts for each in part if isinstance(each, Parameter))
    return {each.name: each.default for each in left_out if each.default is not None}


def _without_extension(part: list[Piece]) -> list[Piece] | None:
    """`{name}.{extension?}` without the dot and what comes after it."""
    if len(part) < 3 or not isinstance(part[-1], Parameter) or not part[-1].optional:
        return None
    if part[-2] != ".":
        raise ValueError("inside a segment only what comes after a dot may be left out")
    return part[:-2]


def _segment(part: list[Piece]) -> Segment:
    first = part[0]
    if len(part) == 1:
        if isinstance(first, str):
            return Segment(first.lower())
        key = "{" + ":".join(sorted(first.rules)) + "}"
        names, constraints = (first.name,), (first.constraints,)
        if first.takes_rest:
            return Segment("*" + key, names, constraints, takes_rest=True)
        return Segment(key, names, constraints, WHOLE)
    return _composed(part)


def _composed(part: list[Piece]) -> Segment:
    """Literals around parameters such as `report-{id}.pdf`; read from the right, as in ASP.NET."""
    pattern, key = "", ""
    parameters = [each for each in part if isinstance(each, Parameter)]
    for before, each in zip([None, *part], part, strict=False):
        if isinstance(each, str):
            pattern, key = pattern + re.escape(each), key + re.escape(each.lower())
        elif isinstance(before, Parameter):
            raise ValueError("two parameters need text between them")  # noqa: TRY004 - a template
        else:
            pattern, key = pattern + "(.+)", key + "{" + ":".join(sorted(each.rules)) + "}"
    if any(each.default is not None or each.takes_rest for each in parameters):
        raise ValueError("inside a segment a parameter has no default and takes no rest")
    return Segment(
        key,
        tuple(each.name for each in parameters),
        tuple(each.constraints for each in parameters),
        re.compile(pattern, re.IGNORECASE | re.DOTALL),
    )
