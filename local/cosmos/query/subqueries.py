"""Subqueries to closures: a value, an array, or the question whether there is a row."""

from collections.abc import Iterator
from itertools import islice

from local.cosmos.query.budget import bounded
from local.cosmos.query.compiler import compile_expression
from local.cosmos.query.rows import CompiledQuery
from local.cosmos.query.scope import Environment, Evaluate, Scope
from local.cosmos.query.syntax import Subquery, SubqueryKind
from local.cosmos.query.values import UNDEFINED
from local.cosmos.query.window import Window
from local.cosmos.wire import Value


@compile_expression.register
def _subquery(expression: Subquery, scope: Scope) -> Evaluate:
    compiled = CompiledQuery.of(expression.query, scope)
    window = Window.of(expression.query, scope)

    def values(environment: Environment) -> Iterator[Value]:
        rows = islice(compiled.over([((), environment)]), window.skip, window.end)
        return (value for _, value in rows)

    match expression.kind:
        case SubqueryKind.ITEMS:
            return lambda environment: bounded(list(_items(values(environment))))
        case SubqueryKind.ARRAY:
            return lambda environment: bounded(list(values(environment)))
        case SubqueryKind.EXISTS:
            return lambda environment: next(values(environment), UNDEFINED) is not UNDEFINED
        case SubqueryKind.SCALAR:
            return lambda environment: next(values(environment), UNDEFINED)


def _items(values: Iterator[Value]) -> Iterator[Value]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value
