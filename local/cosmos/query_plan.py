"""Query plans: what a client does itself over many partitions, and what it asks of each."""

from dataclasses import replace

from local.cosmos.errors import bad_request
from local.cosmos.query.aggregates import aggregates_in
from local.cosmos.query.render import render, render_query
from local.cosmos.query.scope import Scope
from local.cosmos.query.selection import column_names
from local.cosmos.query.syntax import (
    ArrayLiteral,
    Call,
    Expression,
    Literal,
    Logical,
    Name,
    ObjectLiteral,
    Query,
    Selected,
)
from local.cosmos.query.window import Window
from local.cosmos.wire import Document

# Clients put their own condition here, to go on within a partition.
_FILTER = "{documentdb-formattableorderbyquery-filter}"
_PLACEHOLDER = Name(f"({_FILTER})")
_OPERATORS = {"COUNT": "Count", "SUM": "Sum", "AVG": "Average", "MIN": "Min", "MAX": "Max"}


def needs_plan(query: Query) -> bool:
    """Whether the answers of partitions cannot simply be strung together."""
    return bool(
        query.order_by
        or query.group_by
        or query.distinct
        or query.top is not None
        or query.offset is not None
        or aggregates_in(query)
    )


def query_plan(query: Query, scope: Scope) -> Document:
    """The plan of a query whose features the client supports."""
    window = Window.of(query, scope)
    is_top = query.top is not None
    info: Document = {
        "distinctType": _distinct_type(query),
        "top": window.most if is_top else None,
        "offset": None if query.offset is None else window.skip,
        "limit": None if query.offset is None else window.most,
        "orderBy": ["Descending" if key.descending else "Ascending" for key in query.order_by],
        "orderByExpressions": [render(key.expression) for key in query.order_by],
        "groupByExpressions": [],
        "groupByAliases": [],
        "aggregates": [_OPERATORS[call.function] for call in aggregates_in(query)],
        "groupByAliasToAggregateType": {},
        "rewrittenQuery": render_query(_rewritten(query, window)),
        "hasSelectValue": query.value,
        "hasNonStreamingOrderBy": False,
    }
    whole_ring = {"min": "", "max": "FF", "isMinInclusive": True, "isMaxInclusive": False}
    return {
        "partitionedQueryExecutionInfoVersion": 2,
        "queryInfo": info,
        "queryRanges": [whole_ring],
    }


def _distinct_type(query: Query) -> str:
    if not query.distinct:
        return "None"
    return "Ordered" if query.order_by else "Unordered"


def _rewritten(query: Query, window: Window) -> Query:
    """Each partition gives all it has up to the end of the window; the client cuts."""
    if query.offset is not None:
        query = replace(query, offset=Literal(0), limit=Literal(window.end))
    if query.order_by:
        return _with_order_items(query)
    if aggregates_in(query):
        return _with_aggregate_item(query)
    return query


def _with_order_items(query: Query) -> Query:
    if query.source is None:
        raise bad_request("ORDER BY needs a FROM clause.")
    keys = tuple(ObjectLiteral((("item", key.expression),)) for key in query.order_by)
    row_id = Selected("_rid", Name(f"{query.source.alias}._rid"))
    payload = _payload(query)
    conditions = [query.where] if query.where is not None else []
    if query.value:
        conditions.append(Call("IS_DEFINED", (payload,)))
    where = Logical("AND", (*conditions, _PLACEHOLDER)) if conditions else _PLACEHOLDER
    selected = (
        row_id,
        Selected("orderByItems", ArrayLiteral(keys)),
        Selected("payload", payload),
    )
    return replace(query, selected=selected, value=False, distinct=False, where=where)


def _payload(query: Query) -> Expression:
    if query.value:
        return query.selected[0].expression
    if not query.selected and query.source is not None:
        return Name(query.source.alias)
    columns = zip(column_names(query), query.selected, strict=True)
    return ObjectLiteral(tuple((name, column.expression) for name, column in columns))


def _with_aggregate_item(query: Query) -> Query:
    call = query.selected[0].expression
    if not isinstance(call, Call) or call.function not in _OPERATORS:
        raise bad_request("Compositions of aggregates and other expressions are not allowed.")
    item: Expression = call
    if call.function == "AVG":
        parts = (("sum", Call("SUM", call.arguments)), ("count", Call("COUNT", call.arguments)))
        item = ObjectLiteral(parts)
    value = ArrayLiteral((ObjectLiteral((("item", item),)),))
    return replace(query, selected=(Selected(None, value),), value=True)
