"""What a WHERE clause implies, in conditions that a store can check before documents are read.

An implied condition holds for every document that gives a row; it may hold for others too. So the
clause itself is still evaluated, and the rows are the same with and without.
"""

import re
from collections.abc import Callable

from local.cosmos.query.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Holds,
    IsBetween,
    IsOneOf,
    IsThere,
    Scalar,
)
from local.cosmos.query.paths import Steps, names_on_path
from local.cosmos.query.scope import Scope
from local.cosmos.query.syntax import (
    Between,
    Binary,
    Call,
    Expression,
    InList,
    Like,
    Literal,
    Logical,
    Name,
    Parameter,
    Query,
    Unary,
)
from local.cosmos.query.values import NUMBER, STRING, UNDEFINED, is_number, type_of
from local.cosmos.wire import Value

_FLIPPED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_MOST_CHOICES = 500
_WILD = re.compile(r"[%_\[]")
_LAST_CHARACTER, _SURROGATES = 0x10FFFF, range(0xD800, 0xE000)
NEVER = AnyOf(())


def implied(query: Query, scope: Scope) -> Condition | None:
    """None where nothing is known that a store could check."""
    source = query.source
    if source is None or source.each or query.where is None:
        return None
    if not isinstance(source.expression, Name):
        return None
    return _Implication(source.alias, scope).of(query.where)


class _Implication:
    """About one document under one alias."""

    def __init__(self, alias: str, scope: Scope) -> None:
        self._alias = alias
        self._scope = scope

    def of(self, expression: Expression) -> Condition | None:
        match expression:
            case Logical(operator="AND"):
                return self._all(expression)
            case Logical():
                return self._any(expression)
            case Unary(operator="NOT", operand=operand):
                return self._not(operand)
            case Binary() | InList() | Between() | Like():
                return self._comparison(expression)
            case Call():
                return self._call(expression)
            case _:
                path = self._path(expression)
                return None if path is None else IsOneOf(path, (True,))

    def _all(self, expression: Logical) -> Condition | None:
        known = [found for part in expression.operands if (found := self.of(part)) is not None]
        return AllOf(tuple(known)) if known else None

    def _any(self, expression: Logical) -> Condition | None:
        if len(expression.operands) > _MOST_CHOICES:
            return None
        found = [self.of(part) for part in expression.operands]
        known = tuple(part for part in found if part is not None)
        return AnyOf(known) if len(known) == len(found) else None

    def _not(self, operand: Expression) -> Condition | None:
        """A comparison that is false compares something: undefined is neither true nor false."""
        if isinstance(operand, Call) and operand.function == "IS_DEFINED":
            path = self._path(operand.arguments[0]) if operand.arguments else None
            return None if path is None else IsThere(path, missing=True)
        if isinstance(operand, InList):
            return self._there(operand.operand)
        if isinstance(operand, Binary) and operand.operator in _FLIPPED:
            return self._there(operand.left) or self._there(operand.right)
        return None

    def _comparison(self, expression: Binary | InList | Between | Like) -> Condition | None:
        match expression:
            case Like(operand=operand, pattern=pattern, escape=escape):
                return self._like(operand, pattern, escape)
            case Between(operand=operand, low=low, high=high):
                return self._between(operand, low, high)
            case InList(operand=operand, choices=choices):
                return self._in(operand, choices)
            case Binary(operator=operator, left=left, right=right) if operator in _FLIPPED:
                return self._compared(operator, left, right) or self._compared(
                    _FLIPPED[operator], right, left
                )
            case _:
                return None

    def _compared(self, operator: str, left: Expression, right: Expression) -> Condition | None:
        path = self._path(left)
        if path is None:
            return None
        value, known = self._constant(right)
        if not known or operator == "!=":
            return IsThere(path)
        if operator == "=":
            return _equals(path, value)
        if type_of(value) not in (NUMBER, STRING):
            return NEVER if value is UNDEFINED else IsThere(path)
        return (
            IsBetween(path, None, value)
            if operator.startswith("<")
            else IsBetween(path, value, None)
        )

    def _between(self, operand: Expression, low: Expression, high: Expression) -> Condition | None:
        path = self._path(operand)
        if path is None:
            return None
        (lowest, one), (highest, other) = self._constant(low), self._constant(high)
        of_a_kind = type_of(lowest) == type_of(highest) and type_of(lowest) in (NUMBER, STRING)
        return IsBetween(path, lowest, highest) if one and other and of_a_kind else IsThere(path)

    def _like(
        self, operand: Expression, pattern: Expression, escape: Expression | None
    ) -> Condition | None:
        """What it matches begins with the pattern's own beginning."""
        path = self._path(operand)
        if path is None:
            return None
        written, _ = self._constant(pattern)
        if escape is not None or not isinstance(written, str):
            return IsThere(path)
        return _starts(path, [_WILD.split(written, maxsplit=1)[0]])

    def _in(self, operand: Expression, choices: tuple[Expression, ...]) -> Condition | None:
        path = self._path(operand)
        if path is None:
            return None
        found = [self._constant(choice) for choice in choices]
        if not all(known for _, known in found):
            return IsThere(path)
        return _one_of(path, [value for value, _ in found])

    def _call(self, expression: Call) -> Condition | None:
        if expression.function == "ARRAY_CONTAINS" and len(expression.arguments) == 2:
            listed, _ = self._constant(expression.arguments[0])
            one = self._path(expression.arguments[1])
            if isinstance(listed, list) and one is not None:
                return _one_of(one, listed)
        rule = _CALLS.get(expression.function)
        path = self._path(expression.arguments[0]) if expression.arguments else None
        if rule is None or path is None:
            return None
        return rule(path, [self._constant(argument)[0] for argument in expression.arguments[1:]])

    def _there(self, expression: Expression) -> Condition | None:
        path = self._path(expression)
        return None if path is None else IsThere(path)

    def _path(self, expression: Expression) -> Steps | None:
        found = names_on_path(expression)
        return found[1] if found is not None and found[0] == self._alias and found[1] else None

    def _constant(self, expression: Expression) -> tuple[Value, bool]:
        """The value, and whether it is known before documents are."""
        match expression:
            case Literal(value=value):
                return value, True
            case Parameter(name=name):
                return self._scope.parameter(name), True
            case _:
                return UNDEFINED, False


def _equals(path: Steps, value: Value) -> Condition:
    if value is UNDEFINED:
        return NEVER
    return IsOneOf(path, (value,)) if _is_scalar(value) else IsThere(path)


def _one_of(path: Steps, values: list[Value]) -> Condition:
    defined = tuple(value for value in values if value is not UNDEFINED)
    if not defined:
        return NEVER
    if len(defined) > _MOST_CHOICES or not all(map(_is_scalar, defined)):
        return IsThere(path)
    return IsOneOf(path, defined)


def _is_scalar(value: Value) -> bool:
    return value is None or isinstance(value, str | bool) or is_number(value)


def _contains(path: Steps, more: list[Value]) -> Condition:
    sought: Scalar = more[0] if len(more) == 1 and _is_scalar(more[0]) else None
    return IsThere(path) if sought is None else Holds(path, sought)


def _starts(path: Steps, more: list[Value]) -> Condition:
    if len(more) != 1 or not isinstance(more[0], str) or not more[0]:
        return IsThere(path)
    return IsBetween(path, more[0], _next_text(more[0]))


def _next_text(prefix: str) -> str | None:
    """A bound above all that begins with `prefix`."""
    following = ord(prefix[-1]) + 1
    if following in _SURROGATES:
        following = _SURROGATES.stop
    return None if following > _LAST_CHARACTER else prefix[:-1] + chr(following)


def _there(path: Steps, more: list[Value]) -> Condition:
    del more
    return IsThere(path)


_CALLS: dict[str, Callable[[Steps, list[Value]], Condition]] = {
    "ARRAY_CONTAINS": _contains,
    "STARTSWITH": _starts,
    **dict.fromkeys(
        ("CONTAINS", "ENDSWITH", "STRINGEQUALS", "REGEXMATCH", "IS_DEFINED", "ST_WITHIN"), _there
    ),
    **dict.fromkeys(("IS_NULL", "IS_BOOL", "IS_NUMBER", "IS_STRING", "IS_ARRAY"), _there),
    **dict.fromkeys(("IS_OBJECT", "IS_PRIMITIVE", "IS_INTEGER", "ST_INTERSECTS"), _there),
}
