"""Which function answers a method and a path: a tree over segments.

Of several that would answer, the one that was added first does. Azure's host tries its functions in
the order of their names and knows no other precedence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from local.host.templates import Route, Segment, parse

T = TypeVar("T")
Values = tuple[str, ...]


class RouteTaken(ValueError):
    """Another entry answers the same method on the same path. `other` is that entry."""

    def __init__(self, other: object) -> None:
        super().__init__("the same method and route")
        self.other = other


@dataclass(frozen=True)
class Entry(Generic[T]):
    """What answers at the end of a route; no methods means every method."""

    answers: T
    methods: frozenset[str]
    route: Route
    names: tuple[str, ...]
    order: int

    def takes(self, method: str) -> bool:
        """Whether the method is one of the entry's."""
        return not self.methods or method in self.methods

    def overlaps(self, other: "Entry[T]") -> bool:
        """Whether some method is taken by both."""
        return not self.methods or not other.methods or bool(self.methods & other.methods)


@dataclass(frozen=True)
class Match(Generic[T]):
    """The entry that answers, and the values of its parameters."""

    answers: T
    values: dict[str, str]


@dataclass
class Node(Generic[T]):
    """Where a walk stands after some segments, and where it may go on."""

    literals: dict[str, "Node[T]"] = field(default_factory=dict)
    parameters: list[tuple[Segment, "Node[T]"]] = field(default_factory=list)
    entries: list[Entry[T]] = field(default_factory=list)
    rest: list[Entry[T]] = field(default_factory=list)

    def towards(self, segment: Segment) -> "Node[T]":
        """The node after `segment`, made when it is new."""
        if segment.is_literal:
            return self.literals.setdefault(segment.key, Node())
        for known, node in self.parameters:
            if known.key == segment.key:
                return node
        node = Node[T]()
        self.parameters.append((segment, node))
        return node


class RouteTable(Generic[T]):
    """Every route of an app. A look-up costs the segments of the path, not the number of routes."""

    def __init__(self) -> None:
        self._root: Node[T] = Node()
        self._count = 0

    def add(self, template: str, methods: frozenset[str], answers: T) -> None:
        """Raises ValueError for an impossible template, RouteTaken for one that is taken."""
        for route in parse(template):
            self._add(Entry(answers, methods, route, route.names, self._count))
            self._count += 1

    def find(self, method: str, segments: Values) -> Match[T] | frozenset[str]:
        """The entry that answers, else the methods that the path would allow (empty: not found)."""
        best: Entry[T] | None = None
        found: Values = ()
        allowed: frozenset[str] = frozenset()
        for entry, values in walk(self._root, segments):
            if not entry.takes(method):
                allowed |= entry.methods
            elif best is None or entry.order < best.order:
                best, found = entry, values
        if best is None:
            return allowed
        present = {name: value for name, value in zip(best.names, found, strict=True) if value}
        return Match(best.answers, {**best.route.defaults, **present})

    def _add(self, entry: Entry[T]) -> None:
        node, rest = self._root, False
        for segment in entry.route.segments:
            if segment.takes_rest:
                rest = True
            else:
                node = node.towards(segment)
        entries = node.rest if rest else node.entries
        for other in entries:
            if other.overlaps(entry) and _same_rest(other, entry):
                raise RouteTaken(other.answers)
        entries.append(entry)


def _same_rest(one: Entry[T], other: Entry[T]) -> bool:
    last = [entry.route.segments[-1:] for entry in (one, other)]
    return [each.key for each in last[0]] == [each.key for each in last[1]]


def walk(
    node: Node[T], segments: Values, at: int = 0, values: Values = ()
) -> Iterator[tuple[Entry[T], Values]]:
    """Every entry that the path leads to, whatever its methods."""
    if at == len(segments):
        for entry in node.entries:
            yield entry, values
    else:
        literal = node.literals.get(segments[at].lower())
        if literal is not None:
            yield from walk(literal, segments, at + 1, values)
        for segment, further in node.parameters:
            read = segment.read(segments[at])
            if read is not None:
                yield from walk(further, segments, at + 1, values + read)
    for entry in node.rest:
        rest = "/".join(segments[at:])
        if not rest or entry.route.segments[-1].admits((rest,)):
            yield entry, (*values, rest)
