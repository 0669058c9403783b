"""The syntax tree of a query: immutable, comparable, without behaviour."""

from dataclasses import dataclass
from enum import Enum

from local.cosmos.wire import Value

UDF = "udf."  # before the name of a user defined function


class Expression:
    """Anything that has a value."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    """A constant; `UNDEFINED` is one too."""

    value: Value


@dataclass(frozen=True, slots=True)
class Parameter(Expression):
    """`@name`, with its @."""

    name: str


@dataclass(frozen=True, slots=True)
class Name(Expression):
    """An alias of the FROM clause, or the container itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Member(Expression):
    """`source.key` and `source[key]`."""

    source: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class Unary(Expression):
    """`operator` is one of - + ~ NOT."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    """Comparison, arithmetic, bits, `||` and `??`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Logical(Expression):
    """AND or OR over two or more; flat, because clients send chains of a thousand."""

    operator: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Expression):
    """`test ? then : otherwise`."""

    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class InList(Expression):
    """`operand IN (...)`; NOT IN is a Unary around it."""

    operand: Expression
    choices: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Between(Expression):
    """`operand BETWEEN low AND high`, both ends included."""

    operand: Expression
    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True)
class Like(Expression):
    """`operand LIKE pattern ESCAPE escape`."""

    operand: Expression
    pattern: Expression
    escape: Expression | None


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """A built-in function or an aggregate; `function` is in upper case."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ArrayLiteral(Expression):
    """`[a, b]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ObjectLiteral(Expression):
    """`{"a": x}`."""

    items: tuple[tuple[str, Expression], ...]


class SubqueryKind(Enum):
    """What becomes of a subquery's rows. ITEMS are rows too, arrays among them taken apart."""

    SCALAR = "SCALAR"
    ARRAY = "ARRAY"
    ITEMS = "IN"
    EXISTS = "EXISTS"


@dataclass(frozen=True, slots=True)
class Subquery(Expression):
    """A query inside an expression."""

    kind: SubqueryKind
    query: "Query"


@dataclass(frozen=True, slots=True)
class Source:
    """One input: `expression` named `alias`, and with `each` its elements one by one."""

    alias: str
    expression: Expression
    each: bool


@dataclass(frozen=True, slots=True)
class Selected:
    """One column; `name` is None where neither AS nor a path gives one."""

    name: str | None
    expression: Expression


@dataclass(frozen=True, slots=True)
class Ordering:
    """One key of ORDER BY."""

    expression: Expression
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A whole SELECT. No `selected` at all means `*`."""

    selected: tuple[Selected, ...]
    value: bool = False
    distinct: bool = False
    top: Expression | None = None
    source: Source | None = None
    joins: tuple[Source, ...] = ()
    where: Expression | None = None
    group_by: tuple[Expression, ...] = ()
    order_by: tuple[Ordering, ...] = ()
    offset: Expression | None = None
    limit: Expression | None = None
