"""A syntax tree back to text, for the queries that the gateway rewrites."""

from functools import singledispatch

from local.cosmos.query.syntax import (
    ArrayLiteral,
    Between,
    Binary,
    Call,
    Conditional,
    Expression,
    InList,
    Like,
    Literal,
    Logical,
    Member,
    Name,
    ObjectLiteral,
    Parameter,
    Query,
    Source,
    Subquery,
    SubqueryKind,
    Unary,
)
from local.cosmos.query.values import UNDEFINED
from local.cosmos.wire import text


@singledispatch
def render(expression: Expression) -> str:
    """Text that parses to an equal tree; parentheses wherever they could matter."""
    raise TypeError(f"{type(expression).__name__} has no text.")


@render.register
def _literal(expression: Literal) -> str:
    return "undefined" if expression.value is UNDEFINED else text(expression.value)


@render.register
def _name(expression: Name | Parameter) -> str:
    return expression.name


@render.register
def _member(expression: Member) -> str:
    return f"{render(expression.source)}[{render(expression.key)}]"


@render.register
def _unary(expression: Unary) -> str:
    return f"({expression.operator} {render(expression.operand)})"


@render.register
def _binary(expression: Binary) -> str:
    return f"({render(expression.left)} {expression.operator} {render(expression.right)})"


@render.register
def _logical(expression: Logical) -> str:
    return f"({f' {expression.operator} '.join(map(render, expression.operands))})"


@render.register
def _conditional(expression: Conditional) -> str:
    parts = (expression.test, expression.then, expression.otherwise)
    test, then, otherwise = map(render, parts)
    return f"({test} ? {then} : {otherwise})"


@render.register
def _in_list(expression: InList) -> str:
    return f"({render(expression.operand)} IN ({_listed(expression.choices)}))"


@render.register
def _between(expression: Between) -> str:
    low, high = render(expression.low), render(expression.high)
    return f"({render(expression.operand)} BETWEEN {low} AND {high})"


@render.register
def _like(expression: Like) -> str:
    escape = f" ESCAPE {render(expression.escape)}" if expression.escape else ""
    return f"({render(expression.operand)} LIKE {render(expression.pattern)}{escape})"


@render.register
def _call(expression: Call) -> str:
    return f"{expression.function}({_listed(expression.arguments)})"


@render.register
def _array(expression: ArrayLiteral) -> str:
    return f"[{_listed(expression.items)}]"


@render.register
def _object(expression: ObjectLiteral) -> str:
    items = (f"{text(name)}: {render(item)}" for name, item in expression.items)
    return f"{{{', '.join(items)}}}"


@render.register
def _subquery(expression: Subquery) -> str:
    word = "" if expression.kind is SubqueryKind.SCALAR else expression.kind.value
    return f"{word}({render_query(expression.query)})"


def render_query(query: Query) -> str:
    parts = ["SELECT"]
    parts += ["DISTINCT"] if query.distinct else []
    parts += [f"TOP {render(query.top)}"] if query.top is not None else []
    parts += [_columns(query), *_inputs(query)]
    parts += [f"WHERE {render(query.where)}"] if query.where is not None else []
    parts += [f"GROUP BY {_listed(query.group_by)}"] if query.group_by else []
    parts += [f"ORDER BY {_orderings(query)}"] if query.order_by else []
    if query.offset is not None and query.limit is not None:
        parts.append(f"OFFSET {render(query.offset)} LIMIT {render(query.limit)}")
    return " ".join(parts)


def _columns(query: Query) -> str:
    if not query.selected:
        return "*"
    if query.value:
        return f"VALUE {render(query.selected[0].expression)}"
    columns = (render(column.expression) + _alias(column.name) for column in query.selected)
    return ", ".join(columns)


def _alias(name: str | None) -> str:
    # A name that is no identifier can only come from the path itself, which still gives it.
    return f" AS {name}" if name is not None and name.isidentifier() else ""


def _inputs(query: Query) -> list[str]:
    if query.source is None:
        return []
    return [f"FROM {_source(query.source)}", *(f"JOIN {_source(join)}" for join in query.joins)]


def _source(source: Source) -> str:
    expression = source.expression
    if isinstance(expression, Subquery):
        written = f"({render_query(expression.query)})"
        in_form = expression.kind is SubqueryKind.ITEMS
        return f"{source.alias} IN {written}" if in_form else f"{written} AS {source.alias}"
    return f"{source.alias} IN {render(expression)}" if source.each else _whole(source)


def _whole(source: Source) -> str:
    written = render(source.expression)
    return written if written == source.alias else f"{written} AS {source.alias}"


def _orderings(query: Query) -> str:
    return ", ".join(
        f"{render(key.expression)} {'DESC' if key.descending else 'ASC'}" for key in query.order_by
    )


def _listed(expressions: tuple[Expression, ...]) -> str:
    return ", ".join(map(render, expressions))
