"""The rules for ids of items, containers and databases."""

from local.cosmos.errors import bad_request
from local.cosmos.wire import Document

_LONGEST = 1023
_FORBIDDEN = frozenset("/\\?#")


def checked_id(document: Document) -> str:
    """The document's id. Raises 400 where it is missing or may not be used."""
    identifier = document.get("id")
    if not isinstance(identifier, str) or not identifier:
        raise bad_request(
            "The input content is invalid because the required properties - 'id; ' - are missing"
        )
    if len(identifier.encode()) > _LONGEST:
        raise bad_request(f"The id is longer than {_LONGEST} bytes.")
    if _FORBIDDEN.intersection(identifier) or identifier.endswith(" "):
        raise bad_request(
            f"The id '{identifier}' contains one of the characters / \\ ? # or ends with a space."
        )
    return identifier
