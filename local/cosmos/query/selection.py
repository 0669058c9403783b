"""SELECT: from an environment to one row of the answer."""

from local.cosmos.query.budget import bounded
from local.cosmos.query.compiler import compile_expression
from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.scope import Environment, Evaluate, Scope
from local.cosmos.query.syntax import Query
from local.cosmos.query.values import UNDEFINED
from local.cosmos.wire import Value


def compile_selection(query: Query, scope: Scope) -> Evaluate:
    """A row may be UNDEFINED, which is no row at all."""
    if not query.selected:
        return _star(query)
    if query.value:
        return compile_expression(query.selected[0].expression, scope)
    columns = [
        (name, compile_expression(column.expression, scope))
        for name, column in zip(column_names(query), query.selected, strict=True)
    ]

    def evaluate(environment: Environment) -> Value:
        values = [(name, column(environment)) for name, column in columns]
        return bounded({name: value for name, value in values if value is not UNDEFINED})

    return evaluate


def column_names(query: Query) -> list[str]:
    """Given names, or $1, $2, ... Raises where two columns have one name."""
    names: dict[str, None] = {}
    unnamed = 0
    for column in query.selected:
        if column.name is None:
            unnamed += 1
        name = column.name if column.name is not None else f"${unnamed}"
        if name in names:
            raise QueryRefused(f"The property name '{name}' is specified more than once.", "SC2053")
        names[name] = None
    return list(names)


def _star(query: Query) -> Evaluate:
    if query.source is None or query.joins:
        raise QueryRefused("'SELECT *' is only valid with a single input set.", "SC2040")
    alias = query.source.alias
    return lambda environment: environment[alias]
