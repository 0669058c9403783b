"""TOP, OFFSET and LIMIT as numbers."""

from dataclasses import dataclass
from typing import Self

from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.scope import Scope
from local.cosmos.query.syntax import Expression, Literal, Parameter, Query
from local.cosmos.wire import Value


@dataclass(frozen=True, slots=True)
class Window:
    """Leave out the first `skip` rows, then give at most `most` (None: all)."""

    skip: int = 0
    most: int | None = None

    @classmethod
    def of(cls, query: Query, scope: Scope) -> Self:
        if query.top is not None and query.offset is not None:
            raise QueryRefused("'TOP' is not supported together with 'OFFSET LIMIT'.", "SC2203")
        most = query.top if query.top is not None else query.limit
        return cls(
            skip=0 if query.offset is None else _count(query.offset, scope),
            most=None if most is None else _count(most, scope),
        )

    @property
    def end(self) -> int | None:
        return None if self.most is None else self.skip + self.most


def _count(expression: Expression, scope: Scope) -> int:
    value: Value = None
    if isinstance(expression, Literal):
        value = expression.value
    elif isinstance(expression, Parameter):
        value = scope.parameter(expression.name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise QueryRefused("TOP, OFFSET and LIMIT take a whole number that is not negative.")
    return value
