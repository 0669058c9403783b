"""A compiled query over documents: rows in order, each with its position."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from local.cosmos.query.aggregates import aggregates_in
from local.cosmos.query.budget import STEPS_A_LOOK, Budget
from local.cosmos.query.compiler import compile_expression
from local.cosmos.query.inputs import Inputs, compile_inputs
from local.cosmos.query.positions import Position, Tie
from local.cosmos.query.scope import GROUP, ROOT, Environment, Evaluate, Scope
from local.cosmos.query.selection import compile_selection
from local.cosmos.query.syntax import Query
from local.cosmos.query.values import UNDEFINED, order_key
from local.cosmos.wire import Document, Value, canonical

Row = tuple[Position, Value]
Found = tuple[Position, Environment]


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """Ready to run any number of times."""

    query: Query
    inputs: Inputs
    select: Evaluate
    keys: tuple[Evaluate, ...]
    groups: tuple[Evaluate, ...]
    aggregated: bool
    budget: Budget

    @classmethod
    def of(cls, query: Query, scope: Scope) -> Self:
        inputs, inner = compile_inputs(query, scope)
        return cls(
            query=query,
            inputs=inputs,
            select=compile_selection(query, inner),
            keys=tuple(compile_expression(key.expression, inner) for key in query.order_by),
            groups=tuple(compile_expression(group, inner) for group in query.group_by),
            aggregated=bool(query.group_by) or bool(aggregates_in(query)),
            budget=scope.budget,
        )

    @property
    def streams(self) -> bool:
        """Whether rows come in the order of the documents, so that a page can begin at one."""
        return not (self.keys or self.aggregated or self.query.distinct)

    @property
    def descending(self) -> tuple[bool, ...]:
        return tuple(key.descending for key in self.query.order_by)

    def over_documents(self, documents: Iterable[tuple[Tie, Document]]) -> Iterator[Row]:
        if self.query.source is None:
            return self.over([((), {})])
        if self.inputs.direct is not None:
            return self._rows(self._found_directly(self.inputs.direct, documents))
        return self.over((place, {ROOT: document}) for place, document in documents)

    def over(self, environments: Iterable[tuple[Tie, Environment]]) -> Iterator[Row]:
        return self._rows(self._found(environments))

    def _rows(self, found: Iterator[Found]) -> Iterator[Row]:
        if self.aggregated:
            found = iter(self._grouped(found))
        elif self.keys:
            found = iter(self._sorted(found))
        rows = ((position, self.select(environment)) for position, environment in found)
        defined = (row for row in rows if row[1] is not UNDEFINED)
        return _distinct(defined, ordered=bool(self.keys)) if self.query.distinct else defined

    def _found(self, environments: Iterable[tuple[Tie, Environment]]) -> Iterator[Found]:
        for place, start in environments:
            for number, environment in enumerate(self.inputs.expand(start)):
                ordered = tuple([key(environment) for key in self.keys])
                yield Position(ordered, (*place, number)), environment

    def _found_directly(
        self, alias: str, documents: Iterable[tuple[Tie, Document]]
    ) -> Iterator[Found]:
        """The same for documents as they are, without the detour over joins."""
        keep, keys = self.inputs.keep, self.keys
        for number, (place, document) in enumerate(documents):
            if number % STEPS_A_LOOK == 0:
                self.budget.look()
            environment = {ROOT: document, alias: document}
            if keep is None or keep(environment) is True:
                ordered = tuple([key(environment) for key in keys])
                yield Position(ordered, (*place, 0)), environment

    def _sorted(self, found: Iterator[Found]) -> list[Found]:
        rows = sorted(found, key=lambda row: row[0].tie)
        for number, descending in reversed(list(enumerate(self.descending))):
            rows.sort(key=lambda row: order_key(row[0].ordered[number]), reverse=descending)
        return rows

    def _grouped(self, found: Iterator[Found]) -> list[Found]:
        groups: dict[str, list[Environment]] = {}
        if not self.groups:
            groups[""] = []  # without GROUP BY there is one group, even of nothing
        for _, environment in found:
            groups.setdefault(self._group_of(environment), []).append(environment)
        return [
            (Position((), (name,)), _Group(members)) for name, members in sorted(groups.items())
        ]

    def _group_of(self, environment: Environment) -> str:
        if not self.groups:
            return ""
        values = [group(environment) for group in self.groups]
        return canonical([[] if value is UNDEFINED else [value] for value in values])


class _Group(dict[str, Value]):
    """The environment of a group: its first member's, or, with no members, undefined throughout."""

    def __init__(self, members: list[Environment]) -> None:
        super().__init__(members[0] if members else {})
        self[GROUP] = members

    def __missing__(self, name: str) -> Value:
        return UNDEFINED


def _distinct(rows: Iterable[Row], *, ordered: bool) -> Iterator[Row]:
    """Each value once: at its first place in the order, or, without one, sorted by itself."""
    firsts: dict[str, Row] = {}
    for row in rows:
        firsts.setdefault(canonical(row[1]), row)
    if ordered:
        yield from firsts.values()
        return
    for written, (_, value) in sorted(firsts.items()):
        yield Position((), (written,)), value
