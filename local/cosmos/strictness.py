"""The limits of the real service on single requests. Knows sizes and counts, not meanings."""

from collections.abc import Iterable

from local.cosmos.errors import bad_request, too_large
from local.cosmos.wire import Document, Value, encode

LARGEST_BODY = 2 * 1024 * 1024
DEEPEST_NESTING = 128
MOST_BATCH_OPERATIONS = 100
MOST_PATCH_OPERATIONS = 10


def check_item(document: Document) -> None:
    """Raises 413 above 2 MB of JSON, 400 where it is nested too deeply."""
    check_depth(document)
    if len(encode(document)) > LARGEST_BODY:
        raise too_large()


def check_depth(value: Value) -> None:
    """Raises 400 above 128 levels of objects and arrays."""
    level = _containers([value])
    for _ in range(DEEPEST_NESTING):
        if not level:
            return
        level = [
            part
            for each in level
            for part in _containers(each.values() if isinstance(each, dict) else each)
        ]
    if not level:
        return
    raise bad_request(
        f"The document is nested too deeply: more than {DEEPEST_NESTING} levels of objects and "
        "arrays are not allowed."
    )


def _containers(values: Iterable[Value]) -> list[Value]:
    return [value for value in values if isinstance(value, dict | list)]


def check_body_size(body: bytes) -> None:
    """Raises 413 above 2 MB, the same for an item and for a whole batch."""
    if len(body) > LARGEST_BODY:
        raise too_large()


def check_batch_count(count: int) -> None:
    if count > MOST_BATCH_OPERATIONS:
        raise bad_request(
            f"Batch request has more operations than what is supported: {count} > "
            f"{MOST_BATCH_OPERATIONS}."
        )
    if count == 0:
        raise bad_request("Batch request has no operations.")


def check_patch_count(count: int) -> None:
    if count > MOST_PATCH_OPERATIONS:
        raise bad_request(
            "The number of patch operations can't exceed "
            f"'{MOST_PATCH_OPERATIONS}', but {count} were given."
        )
    if count == 0:
        raise bad_request("The patch request has no operations.")
