"""What the gateway refuses of a query: features a client lacks, orders no index serves."""

from local.cosmos.errors import Refusal
from local.cosmos.indexing import Indexing, Key
from local.cosmos.query.aggregates import aggregates_in
from local.cosmos.query.engine import as_refusal
from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.paths import names_on_path
from local.cosmos.query.syntax import Ordering, Query

_UNSUPPORTED = "Query contains the following features, which the calling client does not support: "


def needs_client() -> Refusal:
    """Sub-status 1004 sends the client to ask for a plan."""
    return Refusal(
        400,
        "BadRequest",
        "The provided cross partition query can not be directly served by the gateway. This is a "
        "first chance (internal) exception that all newer clients will know how to handle "
        "gracefully.",
        1004,
    )


def check_features(query: Query, supported: str) -> None:
    """Raises 400 where the query needs what the client does not list."""
    listed = {feature.strip() for feature in supported.split(",")}
    missing = [feature for feature in _features(query) if feature not in listed]
    if missing:
        raise as_refusal(QueryRefused(_UNSUPPORTED + " ".join(missing), "SC2014"))


def _features(query: Query) -> list[str]:
    aggregates = aggregates_in(query)
    needed = {
        "GroupBy": bool(query.group_by),
        "MultipleAggregates": len(aggregates) > 1,
        "NonValueAggregate": bool(aggregates) and not query.value,
        "Aggregate": bool(aggregates) and query.value,
        "Distinct": query.distinct,
        "OrderBy": len(query.order_by) == 1,
        "MultipleOrderBy": len(query.order_by) > 1,
        "OffsetAndLimit": query.offset is not None,
        "Top": query.top is not None,
    }
    return [feature for feature, is_needed in needed.items() if is_needed]


def check_order(query: Query, indexing: Indexing) -> None:
    """Raises 400 unless an index of the container serves the ORDER BY."""
    keys = order_keys(query)
    if len(keys) == 1 and not indexing.covers(keys[0][0]):
        raise as_refusal(
            QueryRefused(
                f"The order-by item '{keys[0][0]}' requires a range index on its path, which the "
                "indexing policy excludes.",
                "SC2207",
            )
        )
    if len(keys) > 1 and not indexing.serves(keys):
        raise as_refusal(
            QueryRefused(
                "The order by query does not have a corresponding composite index that it can be "
                "served from.",
                "SC2215",
            )
        )


def order_keys(query: Query) -> list[Key]:
    """Raises 400 where an order is by anything but a path of the document."""
    return [_key(ordering, query) for ordering in query.order_by]


def _key(ordering: Ordering, query: Query) -> Key:
    """The path from the document, as index policies write it, and the direction."""
    found = names_on_path(ordering.expression)
    source = query.source
    if found is None or source is None or not found[1]:
        raise as_refusal(
            QueryRefused(
                "Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a "
                "document path.",
                "SC2206",
            )
        )
    if found[0] != source.alias or source.each:
        raise as_refusal(
            QueryRefused("Order-by over correlated collections is not supported.", "SC2202")
        )
    return "/" + "/".join(found[1]), ordering.descending
