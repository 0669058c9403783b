"""Expressions to closures. Open: paths, calls and subqueries register their own."""

from functools import singledispatch

from local.cosmos.query.arithmetic import ARITHMETIC, inverted, negative, positive
from local.cosmos.query.budget import bounded
from local.cosmos.query.functions.strings import concat
from local.cosmos.query.functions.text_search import like
from local.cosmos.query.scope import Environment, Evaluate, Scope
from local.cosmos.query.syntax import (
    ArrayLiteral,
    Between,
    Binary,
    Conditional,
    Expression,
    InList,
    Like,
    Literal,
    Logical,
    Name,
    ObjectLiteral,
    Parameter,
    Unary,
)
from local.cosmos.query.values import (
    COMPARISONS,
    UNDEFINED,
    conjunction,
    disjunction,
    equal,
    negation,
)
from local.cosmos.wire import Value


@singledispatch
def compile_expression(expression: Expression, scope: Scope) -> Evaluate:
    """A function from an environment to a value. Raises QueryRefused for unknown names."""
    raise TypeError(f"{type(expression).__name__} has no compiler for {scope!r}.")


def constant(value: Value) -> Evaluate:
    return lambda _: value


@compile_expression.register
def _literal(expression: Literal, scope: Scope) -> Evaluate:
    del scope
    return constant(expression.value)


@compile_expression.register
def _parameter(expression: Parameter, scope: Scope) -> Evaluate:
    return constant(scope.parameter(expression.name))


@compile_expression.register
def _name(expression: Name, scope: Scope) -> Evaluate:
    name = scope.resolve(expression.name)
    return lambda environment: environment[name]


@compile_expression.register
def _unary(expression: Unary, scope: Scope) -> Evaluate:
    operand = compile_expression(expression.operand, scope)
    operate = {"NOT": negation, "-": negative, "+": positive, "~": inverted}[expression.operator]
    return lambda environment: operate(operand(environment))


@compile_expression.register
def _binary(expression: Binary, scope: Scope) -> Evaluate:
    left = compile_expression(expression.left, scope)
    right = compile_expression(expression.right, scope)
    if expression.operator == "??":
        return _coalesce(left, right)
    if expression.operator == "||":
        return lambda environment: _joined(left(environment), right(environment))
    operate = COMPARISONS.get(expression.operator) or ARITHMETIC[expression.operator]
    if isinstance(expression.right, Literal):
        constant_right = expression.right.value
        return lambda environment: operate(left(environment), constant_right)
    return lambda environment: operate(left(environment), right(environment))


def _joined(left: Value, right: Value) -> Value:
    return concat(left, right)


def _coalesce(left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(environment: Environment) -> Value:
        value = left(environment)
        return right(environment) if value is UNDEFINED else value

    return evaluate


@compile_expression.register
def _logical(expression: Logical, scope: Scope) -> Evaluate:
    operands = [compile_expression(operand, scope) for operand in expression.operands]
    # The deciding value ends the evaluation early; what is left over is a matter of three values.
    decisive = expression.operator == "OR"
    combine = disjunction if decisive else conjunction

    def evaluate(environment: Environment) -> Value:
        values = []
        for operand in operands:
            value = operand(environment)
            if value is decisive:
                return decisive
            values.append(value)
        return combine(values)

    return evaluate


@compile_expression.register
def _conditional(expression: Conditional, scope: Scope) -> Evaluate:
    test = compile_expression(expression.test, scope)
    then = compile_expression(expression.then, scope)
    otherwise = compile_expression(expression.otherwise, scope)

    def evaluate(environment: Environment) -> Value:
        chosen = then if test(environment) is True else otherwise
        return chosen(environment)

    return evaluate


@compile_expression.register
def _in_list(expression: InList, scope: Scope) -> Evaluate:
    operand = compile_expression(expression.operand, scope)
    choices = [compile_expression(choice, scope) for choice in expression.choices]

    def evaluate(environment: Environment) -> Value:
        value = operand(environment)
        return disjunction([equal(value, choice(environment)) for choice in choices])

    return evaluate


@compile_expression.register
def _between(expression: Between, scope: Scope) -> Evaluate:
    operand = compile_expression(expression.operand, scope)
    low = compile_expression(expression.low, scope)
    high = compile_expression(expression.high, scope)
    at_least, at_most = COMPARISONS[">="], COMPARISONS["<="]

    def evaluate(environment: Environment) -> Value:
        value = operand(environment)
        return conjunction([at_least(value, low(environment)), at_most(value, high(environment))])

    return evaluate


@compile_expression.register
def _like(expression: Like, scope: Scope) -> Evaluate:
    operand = compile_expression(expression.operand, scope)
    pattern = compile_expression(expression.pattern, scope)
    escape = expression.escape and compile_expression(expression.escape, scope)

    def evaluate(environment: Environment) -> Value:
        escaping = escape(environment) if escape else None
        return like(operand(environment), pattern(environment), escaping)

    return evaluate


@compile_expression.register
def _array(expression: ArrayLiteral, scope: Scope) -> Evaluate:
    items = [compile_expression(item, scope) for item in expression.items]
    return lambda environment: bounded(
        [value for value in [item(environment) for item in items] if value is not UNDEFINED]
    )


@compile_expression.register
def _object(expression: ObjectLiteral, scope: Scope) -> Evaluate:
    items = [(name, compile_expression(item, scope)) for name, item in expression.items]

    def evaluate(environment: Environment) -> Value:
        values = [(name, item(environment)) for name, item in items]
        return bounded({name: value for name, value in values if value is not UNDEFINED})

    return evaluate
