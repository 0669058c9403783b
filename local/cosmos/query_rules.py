"""What the gateway refuses of a query: features a client lacks, orders no index serves."""

from local.cosmos.errors import Refusal
from local.cosmos.query.aggregates import aggregates_in
from local.cosmos.query.engine import as_refusal
from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.paths import names_on_path
from local.cosmos.query.syntax import Ordering, Query
from local.cosmos.wire import Document

_UNSUPPORTED = "Query contains the following features, which the calling client does not support: "
_Key = tuple[str, bool]


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


def check_order(query: Query, indexing: Document) -> None:
    """Raises 400 unless an index of the container serves the ORDER BY."""
    keys = [_key(ordering, query) for ordering in query.order_by]
    if len(keys) == 1:
        _check_indexed(keys[0][0], indexing)
    elif keys and not any(_serves(index, keys) for index in indexing.get("compositeIndexes", [])):
        raise as_refusal(
            QueryRefused(
                "The order by query does not have a corresponding composite index that it can be "
                "served from.",
                "SC2215",
            )
        )


def _key(ordering: Ordering, query: Query) -> _Key:
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


def _serves(index: list[Document], keys: list[_Key]) -> bool:
    """All paths in their order, and all directions alike or all reversed."""
    indexed = [(_plain(entry["path"]), entry.get("order") == "descending") for entry in index]
    reverse = [(path, not descending) for path, descending in indexed]
    return keys in (indexed, reverse)


def _check_indexed(path: str, indexing: Document) -> None:
    """The most exact of the included and excluded paths decides."""
    if indexing.get("indexingMode") == "none":
        included = False
    else:
        closest = max(
            (
                (_exactness(entry["path"], path), is_included)
                for name, is_included in (("includedPaths", True), ("excludedPaths", False))
                for entry in indexing.get(name, [])
            ),
            default=(-1, False),
        )
        included = closest[0] >= 0 and closest[1]
    if not included:
        raise as_refusal(
            QueryRefused(
                f"The order-by item '{path}' requires a range index on its path, which the "
                "indexing policy excludes.",
                "SC2207",
            )
        )


def _exactness(pattern: str, path: str) -> int:
    """How many steps `pattern` shares with `path`; -1 where it is about something else."""
    written = _plain(pattern)
    if written.endswith("/*"):
        prefix = written[:-2]
        return prefix.count("/") if path == prefix or path.startswith(f"{prefix}/") else -1
    return written.count("/") if written == path else -1


def _plain(pattern: str) -> str:
    return pattern.replace('"', "").removesuffix("/?")
