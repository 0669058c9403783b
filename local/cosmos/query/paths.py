"""Paths into documents: their compiled form, and their written form for index rules."""

from local.cosmos.query.compiler import compile_expression
from local.cosmos.query.scope import Environment, Evaluate, Scope
from local.cosmos.query.syntax import Expression, Literal, Member, Name
from local.cosmos.query.values import UNDEFINED, is_number
from local.cosmos.wire import Value

Steps = tuple[str, ...]


def names_on_path(expression: Expression) -> tuple[str, Steps] | None:
    """`c.a["b"]` as ("c", ("a", "b")); None for what is no plain path."""
    steps: list[str] = []
    while isinstance(expression, Member):
        key = expression.key
        if not isinstance(key, Literal) or not isinstance(key.value, str):
            return None
        steps.append(key.value)
        expression = expression.source
    if not isinstance(expression, Name):
        return None
    return expression.name, tuple(reversed(steps))


@compile_expression.register
def _member(expression: Member, scope: Scope) -> Evaluate:
    plain = names_on_path(expression)
    if plain is not None:
        return _plain(scope.resolve(plain[0]), plain[1])
    source = compile_expression(expression.source, scope)
    key = compile_expression(expression.key, scope)
    return lambda environment: _member_of(source(environment), key(environment))


def _plain(name: str, steps: Steps) -> Evaluate:
    if len(steps) == 1:
        return _property(name, steps[0])

    def evaluate(environment: Environment) -> Value:
        value = environment[name]
        for step in steps:
            if not isinstance(value, dict):
                return UNDEFINED
            value = value.get(step, UNDEFINED)
        return value

    return evaluate


def _property(name: str, step: str) -> Evaluate:
    """The most frequent path, `c.name`."""

    def evaluate(environment: Environment) -> Value:
        value = environment[name]
        return value.get(step, UNDEFINED) if isinstance(value, dict) else UNDEFINED

    return evaluate


def _member_of(holder: Value, key: Value) -> Value:
    if isinstance(holder, dict) and isinstance(key, str):
        return holder.get(key, UNDEFINED)
    if isinstance(holder, list) and is_number(key) and 0 <= key < len(holder):
        return holder[int(key)] if key == int(key) else UNDEFINED
    return UNDEFINED
