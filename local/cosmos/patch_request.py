"""A PATCH body: its condition, checked by the query engine, then its operations."""

from collections.abc import Callable

from local.cosmos.container import Container
from local.cosmos.errors import bad_request, precondition_failed
from local.cosmos.patch import apply_patch
from local.cosmos.query.engine import condition_holds
from local.cosmos.wire import Document

_CONDITION_UNMET = 1110


def changed_by(body: Document, container: Container) -> Callable[[Document], Document]:
    """The change that `body` describes. It raises 412 where the condition does not hold."""
    operations = body.get("operations")
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        raise bad_request("The patch request needs a list of operations.")
    condition = body.get("condition")

    def change(document: Document) -> Document:
        if condition and not condition_holds(condition, document):
            raise precondition_failed(
                "The condition of the patch request is not met.", _CONDITION_UNMET
            )
        return apply_patch(document, operations, container.key_paths)

    return change
