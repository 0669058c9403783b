"""Transactional batches: all operations in one partition, or none."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from local.cosmos.errors import Refusal, bad_request
from local.cosmos.items import Conditions, Items, Outcome, Partition
from local.cosmos.patch_request import changed_by
from local.cosmos.strictness import check_batch_count
from local.cosmos.wire import Document, Value

_Run = Callable[[Items, Partition, Document, Conditions], Outcome]


class _BatchFailed(Exception):
    """Unwinds the transaction at the operation with this number."""

    def __init__(self, index: int, refusal: Refusal) -> None:
        super().__init__(index)
        self.index = index
        self.refusal = refusal


def run_batch(
    transaction: AbstractContextManager[None], items: Items, within: Partition, operations: Value
) -> tuple[int, list[Document]]:
    """The status of the whole (200 or 207) and one result for each operation."""
    if not _are_objects(operations):
        raise bad_request("The batch must be a list of operations.")
    check_batch_count(len(operations))
    try:
        with transaction:
            return 200, _run_all(items, within, operations)
    except _BatchFailed as failed:
        return 207, _failure(failed, len(operations))


def _run_all(items: Items, within: Partition, operations: list[Document]) -> list[Document]:
    results = []
    for index, operation in enumerate(operations):
        try:
            results.append(_result(_run_one(items, within, operation)))
        except Refusal as refusal:
            raise _BatchFailed(index, refusal) from refusal
    return results


def _run_one(items: Items, within: Partition, operation: Document) -> Outcome:
    run = _OPERATIONS.get(operation.get("operationType", ""))
    if run is None:
        raise bad_request(f"Unknown batch operation '{operation.get('operationType')}'.")
    conditions = Conditions(operation.get("ifMatch"), operation.get("ifNoneMatch"))
    return run(items, within, operation, conditions)


def _result(outcome: Outcome) -> Document:
    result: Document = {
        "statusCode": outcome.status,
        "requestCharge": round(outcome.charge, 2),
    }
    if outcome.etag is not None:
        result["eTag"] = outcome.etag
    if outcome.document is not None:
        result["resourceBody"] = outcome.document
    return result


def _failure(failed: _BatchFailed, count: int) -> list[Document]:
    """The failing operation says why; all others depended on it (424)."""
    results: list[Document] = [{"statusCode": 424, "requestCharge": 0.0} for _ in range(count)]
    results[failed.index] = {
        "statusCode": failed.refusal.status,
        "subStatusCode": failed.refusal.substatus or 0,
        "requestCharge": 1.0,
    }
    return results


def _are_objects(operations: Value) -> bool:
    return isinstance(operations, list) and all(isinstance(each, dict) for each in operations)


def _id(operation: Document) -> str:
    identifier = operation.get("id")
    if not isinstance(identifier, str):
        raise bad_request("The batch operation needs an id.")
    return identifier


def _body(operation: Document) -> Document:
    body = operation.get("resourceBody")
    if not isinstance(body, dict):
        raise bad_request("The batch operation needs a resourceBody.")
    return body


_OPERATIONS: dict[str, _Run] = {
    "Create": lambda items, within, operation, _: items.create(within, _body(operation)),
    "Upsert": lambda items, within, operation, conditions: items.upsert(
        within, _body(operation), conditions
    ),
    "Read": lambda items, within, operation, conditions: items.read(
        within, _id(operation), conditions
    ),
    "Replace": lambda items, within, operation, conditions: items.replace(
        within, _id(operation), _body(operation), conditions
    ),
    "Delete": lambda items, within, operation, conditions: items.delete(
        within, _id(operation), conditions
    ),
    "Patch": lambda items, within, operation, conditions: items.change(
        within,
        _id(operation),
        changed_by(_body(operation), within.container),
        conditions,
    ),
}
