"""One batch into one partition: done once, however often it must be asked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.errors import Stale
from shared.records.batch import Change, Operation, operations
from shared.records.clashes import Exists, Needed, Taken
from shared.records.document import Chain, Document
from shared.records.doubt import (
    Attempts,
    in_doubt,
    is_passing,
    is_same,
    patiently,
    proof_of,
)
from shared.telemetry import scope
from shared.telemetry.logs import say

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy

CLASHES = (404, 409, 412)


async def write(container: "ContainerProxy", change: Change) -> tuple[str | None, Chain]:
    """The document's ETag, None where it is not known, and the chain as it is afterwards.

    The SDK itself sends a batch again whose connection broke, so a clash may be with ourselves.
    Raises Stale, Taken, Needed or Exists.
    """
    batch, chain = operations(change, scope.current())
    document = change.stored.document
    attempts = Attempts()
    while True:
        try:
            return await _executed(container, batch, document), chain
        except Exception as error:
            clash = _clash(error, batch)
            if clash is not None and clash.clash == "done":
                return None, chain
            if (clash or in_doubt(error)) and await _was_done(container, batch, document):
                say("records.found_saved", document_id=document.id)
                return await _etag(container, batch, document), chain
            if clash is not None:
                raise _refusal(clash, document.id) from error
            if not is_passing(error) or attempts.over():
                raise
        await attempts.pause()


async def _executed(
    container: "ContainerProxy", batch: Sequence[Operation], document: Document
) -> str | None:
    results = await container.execute_item_batch(
        [_line(operation) for operation in batch],
        partition_key=[document.tenant_id, document.key],
    )
    etag: str | None = results[batch.index(_main(batch, document))].get("eTag")
    return etag


def _clash(error: Exception, batch: Sequence[Operation]) -> Operation | None:
    """The operation that did not fit, if that is what the error says."""
    from azure.cosmos.exceptions import CosmosBatchOperationError

    if isinstance(error, CosmosBatchOperationError) and error.status_code in CLASHES:
        failed: Operation = batch[error.error_index]
        return failed
    return None


async def _was_done(
    container: "ContainerProxy", batch: Sequence[Operation], document: Document
) -> bool:
    ours = proof_of(batch)
    found = await _read(container, document, ours["id"]) if ours else None
    return found is not None and ours is not None and is_same(found, ours)


async def _etag(
    container: "ContainerProxy", batch: Sequence[Operation], document: Document
) -> str | None:
    """None once somebody has changed or removed it."""
    found = await _read(container, document, document.id)
    ours = _main(batch, document).item
    return str(found["_etag"]) if found is not None and is_same(found, ours) else None


def _main(batch: Sequence[Operation], document: Document) -> Operation:
    return next(operation for operation in batch if operation.item["id"] == document.id)


async def _read(
    container: "ContainerProxy", document: Document, item_id: str
) -> dict[str, Any] | None:
    from azure.cosmos.exceptions import CosmosResourceNotFoundError

    try:
        return dict(
            await patiently(
                lambda: container.read_item(item_id, [document.tenant_id, document.key])
            )
        )
    except CosmosResourceNotFoundError:
        return None


def _line(operation: Operation) -> tuple[Any, ...]:
    option = {"if_match_etag": operation.etag} if operation.etag else {}
    item = operation.item
    if operation.kind == "replace":
        return "replace", (item["id"], item), option
    if operation.kind == "delete":
        return "delete", (item["id"],), option
    return operation.kind, (item,), option


def _refusal(failed: Operation, document_id: str) -> Exception:
    if failed.clash == "taken":
        return Taken("This is taken already.")
    if failed.clash == "needed":
        return Needed("What this builds on is gone.")
    if failed.clash == "exists":
        return Exists(f"{document_id} exists already.")
    return Stale(f"{document_id} was changed meanwhile; read it again.")
