"""The limits of the real service on single requests. Knows sizes and counts, not meanings."""

from local.cosmos.errors import bad_request, too_large
from local.cosmos.wire import Document, encode

LARGEST_BODY = 2 * 1024 * 1024
MOST_BATCH_OPERATIONS = 100
MOST_PATCH_OPERATIONS = 10


def check_item_size(document: Document) -> None:
    """Raises 413 above 2 MB of JSON."""
    if len(encode(document)) > LARGEST_BODY:
        raise too_large()


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
