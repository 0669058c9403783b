"""What a SQL filter says, as a tree: expressions have values, predicates have truths."""

from dataclasses import dataclass
from typing import TypeAlias

from local.servicebus.rules.sql.patterns import Pattern

Value: TypeAlias = object  # None is null, and what is unknown


@dataclass(frozen=True, slots=True)
class Constant:
    value: Value


@dataclass(frozen=True, slots=True)
class Property:
    """`system`: one of the broker's own, in lower case; else one of the sender's, in any case."""

    name: str
    system: bool


@dataclass(frozen=True, slots=True)
class Negative:
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`first` and then each operator with its operand, from left to right."""

    first: "Expression"
    rest: "tuple[tuple[str, Expression], ...]"


@dataclass(frozen=True, slots=True)
class Comparison:
    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Like:
    value: "Expression"
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class In:
    value: "Expression"
    choices: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class IsNull:
    value: Property


@dataclass(frozen=True, slots=True)
class Exists:
    value: Property


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Predicate"


@dataclass(frozen=True, slots=True)
class And:
    operands: "tuple[Predicate, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    operands: "tuple[Predicate, ...]"


Expression: TypeAlias = Constant | Property | Negative | Arithmetic
Predicate: TypeAlias = Comparison | Like | In | IsNull | Exists | Not | And | Or
Node: TypeAlias = Expression | Predicate
PREDICATES = (Comparison, Like, In, IsNull, Exists, Not, And, Or)
