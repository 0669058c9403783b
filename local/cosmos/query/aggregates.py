"""COUNT, SUM, AVG, MIN and MAX, and where a query uses them. Knows no closures."""

from collections.abc import Callable, Iterator

from local.cosmos.query.arithmetic import number
from local.cosmos.query.syntax import Call, Expression, Query, Subquery
from local.cosmos.query.values import ARRAY, NO_TYPE, UNDEFINED, is_number, order_key, type_of
from local.cosmos.wire import Value


def _count(values: list[Value]) -> Value:
    return len(values)


def _sum(values: list[Value]) -> Value:
    return number(sum(values)) if all(map(is_number, values)) else UNDEFINED


def _average(values: list[Value]) -> Value:
    if not values or not all(map(is_number, values)):
        return UNDEFINED
    return number(sum(values) / len(values))


def _extreme(pick: Callable[..., Value]) -> Callable[[list[Value]], Value]:
    def extreme(values: list[Value]) -> Value:
        plain = [value for value in values if NO_TYPE < type_of(value) < ARRAY]
        return pick(plain, key=order_key, default=UNDEFINED)

    return extreme


# Each gets the defined values of its group.
AGGREGATES: dict[str, Callable[[list[Value]], Value]] = {
    "COUNT": _count,
    "SUM": _sum,
    "AVG": _average,
    "MIN": _extreme(min),
    "MAX": _extreme(max),
}


def aggregates_in(query: Query) -> list[Call]:
    """The aggregate calls of the SELECT clause; those of subqueries are their own affair."""
    return [call for column in query.selected for call in _calls(column.expression)]


def _calls(expression: Expression) -> Iterator[Call]:
    if isinstance(expression, Subquery):
        return
    if isinstance(expression, Call) and expression.function in AGGREGATES:
        yield expression
    for child in children(expression):
        yield from _calls(child)


def children(expression: Expression) -> Iterator[Expression]:
    slots: tuple[str, ...] = expression.__slots__
    for slot in slots:
        yield from _expressions(getattr(expression, slot))


def _expressions(part: object) -> Iterator[Expression]:
    if isinstance(part, Expression):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _expressions(item)
