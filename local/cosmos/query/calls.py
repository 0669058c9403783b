"""Calls to closures: built-in functions, aggregates of a group, functions of the present."""

from collections.abc import Callable

from local.cosmos.query.aggregates import AGGREGATES
from local.cosmos.query.compiler import compile_expression, constant
from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.functions import built_in
from local.cosmos.query.functions.moments import TICKS_IN_A_SECOND, written
from local.cosmos.query.scope import GROUP, Environment, Evaluate, Scope
from local.cosmos.query.syntax import UDF, Call
from local.cosmos.query.values import UNDEFINED
from local.cosmos.wire import Value

_SEARCHES = frozenset(
    {"FULLTEXTCONTAINS", "FULLTEXTCONTAINSALL", "FULLTEXTCONTAINSANY", "FULLTEXTSCORE"}
    | {"RRF", "VECTORDISTANCE"}
)
_PRESENT: dict[str, Callable[[float], Value]] = {
    "GETCURRENTDATETIME": lambda now_s: written(int(now_s * TICKS_IN_A_SECOND)),
    "GETCURRENTTIMESTAMP": lambda now_s: int(now_s * 1000),
    "GETCURRENTTICKS": lambda now_s: int(now_s * TICKS_IN_A_SECOND),
}
# The plain names are the moment of each row, the STATIC ones that of the query. Here both are one.
_PRESENT |= {f"{name}STATIC": tell for name, tell in _PRESENT.items()}


@compile_expression.register
def _call(expression: Call, scope: Scope) -> Evaluate:
    name = expression.function
    if name in AGGREGATES:
        return _aggregate(expression, scope)
    if name in _PRESENT:
        _check_count(expression, 0, 0)
        return constant(_PRESENT[name](scope.now_s))
    function = built_in(name)
    if function is None:
        raise _unknown(name)
    _check_count(expression, function.least, function.most)
    body = function.body
    arguments = [compile_expression(argument, scope) for argument in expression.arguments]
    return lambda environment: body(*[argument(environment) for argument in arguments])


def _aggregate(expression: Call, scope: Scope) -> Evaluate:
    _check_count(expression, 1, 1)
    combine = AGGREGATES[expression.function]
    argument = compile_expression(expression.arguments[0], scope)

    def evaluate(environment: Environment) -> Value:
        members = environment.get(GROUP)
        if members is None:
            raise QueryRefused("Aggregates are only allowed in the SELECT clause.", "SC2102")
        values = (argument(member) for member in members)
        return combine([value for value in values if value is not UNDEFINED])

    return evaluate


def _unknown(name: str) -> QueryRefused:
    if name.startswith(UDF):
        return QueryRefused(
            f"The user defined function '{name}' cannot be run: user defined functions are not "
            "supported by the local endpoint.",
            "SC2004",
        )
    if name in _SEARCHES:
        return QueryRefused(
            f"{name} needs full-text or vector search, which the local endpoint does not have.",
            "SC2005",
        )
    return QueryRefused(f"'{name}' is not a recognized built-in function name.", "SC2005")


def _check_count(expression: Call, least: int, most: int) -> None:
    if not least <= len(expression.arguments) <= most:
        raise QueryRefused(
            f"The {expression.function} function requires "
            f"{least if least == most else f'{least} to {most}'} argument(s).",
            "SC2050",
        )
