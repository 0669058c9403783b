"""Route templates in ASP.NET's notation: text into segments. Knows no functions and no methods."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from local.host.constraints import CONSTRAINTS

PARAMETER = re.compile(
    r"\{(?P<all>\*{0,2})(?P<name>[A-Za-z_]\w*)(?P<constraints>(?::\w+)*)"
    r"(?:=(?P<default>[^}?]*)|(?P<optional>\?))?\}"
)


@dataclass(frozen=True)
class Segment:
    """One piece between slashes. `rank` orders alternatives: a literal first, a rest last.

    `pattern` is empty for a literal and for the rest; two segments with the same `key` accept
    exactly the same texts.
    """

    rank: int
    key: str
    names: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None

    def read(self, text: str) -> tuple[str, ...] | None:
        """The values of the segment's parameters in `text`; None where it does not fit."""
        match = self.pattern.fullmatch(text) if self.pattern else None
        if match is None:
            return None
        values = match.groups()
        fits = all(CONSTRAINTS[name](value) for name in self.constraints for value in values)
        return values if fits else None


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
    """The routes of a template: one more for every optional parameter at its end.

    Raises ValueError with the reason for a template that cannot be served.
    """
    pieces = [piece for piece in template.strip("/").split("/") if piece]
    segments = [_segment(piece) for piece in pieces]
    names = [name for segment in segments for name in segment.names]
    if len({name.lower() for name in names}) != len(names):
        raise ValueError("a parameter is named twice")
    if any(segment.rank == 5 for segment in segments[:-1]):
        raise ValueError("only the last parameter may take the rest of the path")
    return tuple(_shortened(pieces, segments))


def _shortened(pieces: list[str], segments: list[Segment]) -> Iterator[Route]:
    every_default = {
        match["name"]: match["default"]
        for match in map(PARAMETER.fullmatch, pieces)
        if match and match["default"] is not None
    }
    yield Route(tuple(segments))
    for end in range(len(pieces) - 1, -1, -1):
        match = PARAMETER.fullmatch(pieces[end])
        if match is None or not (match["optional"] or match["default"] is not None):
            return
        left_out = {name for segment in segments[end:] for name in segment.names}
        defaults = {name: value for name, value in every_default.items() if name in left_out}
        yield Route(tuple(segments[:end]), defaults)


def _segment(piece: str) -> Segment:
    whole = PARAMETER.fullmatch(piece)
    if whole is None:
        return _composed(piece)
    constraints = tuple(name.lower() for name in whole["constraints"].split(":") if name)
    for name in constraints:
        if name not in CONSTRAINTS:
            raise ValueError(f"the constraint {name!r} is not served")
    if whole["all"]:
        return Segment(5, "*", (whole["name"],), constraints)
    rank = 2 if constraints else 3
    key = "{" + ":".join(sorted(constraints)) + "}"
    return Segment(rank, key, (whole["name"],), constraints, re.compile("(.+)", re.DOTALL))


def _composed(piece: str) -> Segment:
    """A literal, or literals around parameters such as `report-{id}.pdf`."""
    if "{" not in piece and "}" not in piece:
        return Segment(0, piece.lower())
    names, pattern, end = [], "", 0
    for match in PARAMETER.finditer(piece):
        pattern += re.escape(piece[end : match.start()]) + "(.+?)"
        names.append(match["name"])
        end = match.end()
        if match["constraints"] or match["all"] or match["optional"] or match["default"]:
            raise ValueError(f"{piece!r} mixes text with more than plain parameters")
    rest = piece[end:]
    if not names or "{" in rest or "}" in rest:
        raise ValueError(f"{piece!r} is not a valid segment")
    pattern += re.escape(rest)
    return Segment(
        1, pattern.lower(), tuple(names), (), re.compile(pattern, re.IGNORECASE | re.DOTALL)
    )
