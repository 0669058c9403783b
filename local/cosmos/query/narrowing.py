"""What a WHERE clause says about ids, so that a query for few items need not read them all."""

from local.cosmos.query.paths import names_on_path
from local.cosmos.query.scope import Scope
from local.cosmos.query.syntax import (
    Binary,
    Expression,
    InList,
    Literal,
    Logical,
    Name,
    Parameter,
    Query,
)
from local.cosmos.wire import Value

Ids = frozenset[str]


def only_ids(query: Query, scope: Scope) -> Ids | None:
    """Every row comes from an item with one of these ids; None where that cannot be told."""
    source = query.source
    if source is None or source.each or query.where is None:
        return None
    if not isinstance(source.expression, Name):
        return None
    return _ids(query.where, source.alias, scope)


def _ids(expression: Expression, alias: str, scope: Scope) -> Ids | None:
    match expression:
        case Logical(operator="AND", operands=operands):
            known = [found for part in operands if (found := _ids(part, alias, scope)) is not None]
            return frozenset.intersection(*known) if known else None
        case Logical(operands=operands):
            return _any_of([_ids(part, alias, scope) for part in operands])
        case Binary(operator="=", left=left, right=right) if _is_id(left, alias):
            return _constant(right, scope)
        case Binary(operator="=", left=left, right=right) if _is_id(right, alias):
            return _constant(left, scope)
        case InList(operand=operand, choices=choices) if _is_id(operand, alias):
            return _any_of([_constant(choice, scope) for choice in choices])
        case _:
            return None


def _any_of(found: list[Ids | None]) -> Ids | None:
    known = [ids for ids in found if ids is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def _is_id(expression: Expression, alias: str) -> bool:
    return names_on_path(expression) == (alias, ("id",))


def _constant(expression: Expression, scope: Scope) -> Ids | None:
    """One id; none at all for a value that no id equals."""
    value: Value
    if isinstance(expression, Literal):
        value = expression.value
    elif isinstance(expression, Parameter):
        value = scope.parameter(expression.name)
    else:
        return None
    return frozenset({value}) if isinstance(value, str) else frozenset()
