"""Partial updates: add, set, replace, remove, incr, move, by JSON pointer. Knows no storage."""

from collections.abc import Callable
from typing import assert_never, cast

from local.cosmos.errors import bad_request
from local.cosmos.partition import Path
from local.cosmos.strictness import check_patch_count
from local.cosmos.wire import Document, Value, copy

Pointer = tuple[str, ...]
_Holder = Document | list[Value]
_SYSTEM = ("id", "_rid", "_self", "_etag", "_ts", "_attachments", "_lsn")


def apply_patch(
    document: Document, operations: list[Document], key_paths: tuple[Path, ...]
) -> Document:
    """The document after all operations; the one given stays as it was. Raises 400."""
    check_patch_count(len(operations))
    changed = copy(document)
    for operation in operations:
        _apply(changed, operation, key_paths)
    return changed


def _apply(document: Document, operation: Document, key_paths: tuple[Path, ...]) -> None:
    kind = str(operation.get("op", "")).lower()
    handler = _HANDLERS.get(kind)
    if handler is None:
        raise bad_request(f"The patch operation '{kind}' is not supported.")
    if kind == "move":
        _check_allowed(_pointer(operation, "from"), key_paths)
    pointer = _pointer(operation, "path")
    _check_allowed(pointer, key_paths)
    handler(document, pointer, operation)


def _pointer(operation: Document, name: str) -> Pointer:
    path = operation.get(name)
    if not isinstance(path, str) or not path.startswith("/") or path == "/":
        raise bad_request(f"The patch operation needs a '{name}' that starts with '/'.")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/"))


def _check_allowed(pointer: Pointer, key_paths: tuple[Path, ...]) -> None:
    if pointer[0] in _SYSTEM:
        raise bad_request(f"Cannot patch the system property '/{pointer[0]}'.")
    if any(path[: len(pointer)] == pointer for path in key_paths):
        raise bad_request(f"Cannot patch the partition key path '/{'/'.join(pointer)}'.")


def _holder(document: Document, pointer: Pointer) -> _Holder:
    """The object or array that holds the last part of `pointer`."""
    holder: Value = document
    for part in pointer[:-1]:
        if isinstance(holder, dict) and part in holder:
            holder = holder[part]
        elif isinstance(holder, list) and _index(part) is not None and int(part) < len(holder):
            holder = holder[int(part)]
        else:
            raise _missing(pointer)
    if not isinstance(holder, dict | list):
        raise _missing(pointer)
    return holder


def _add(document: Document, pointer: Pointer, operation: Document) -> None:
    _put(_holder(document, pointer), pointer, _value(operation), insert=True)


def _set(document: Document, pointer: Pointer, operation: Document) -> None:
    _put(_holder(document, pointer), pointer, _value(operation), insert=False)


def _put(holder: _Holder, pointer: Pointer, value: Value, *, insert: bool) -> None:
    match holder:
        case dict():
            holder[pointer[-1]] = value
        case list():
            index = len(holder) if pointer[-1] == "-" else _index(pointer[-1])
            if index is None or index > len(holder):
                raise _missing(pointer)
            if insert or index == len(holder):
                holder.insert(index, value)
            else:
                holder[index] = value
        case _:
            assert_never(holder)


def _replace(document: Document, pointer: Pointer, operation: Document) -> None:
    holder = _holder(document, pointer)
    position = _position(holder, pointer)
    cast("Document", holder)[cast("str", position)] = _value(operation)


def _remove(document: Document, pointer: Pointer, operation: Document) -> None:
    del operation
    holder = _holder(document, pointer)
    del cast("Document", holder)[cast("str", _position(holder, pointer))]


def _increment(document: Document, pointer: Pointer, operation: Document) -> None:
    step = _value(operation)
    if not _is_number(step):
        raise bad_request("The value of an increment must be a number.")
    holder = _holder(document, pointer)
    if isinstance(holder, dict) and pointer[-1] not in holder:
        holder[pointer[-1]] = step
        return
    position = cast("str", _position(holder, pointer))
    present = cast("Document", holder)[position]
    if not _is_number(present):
        raise bad_request(f"Cannot increment '/{'/'.join(pointer)}': it is not a number.")
    cast("Document", holder)[position] = present + step


def _move(document: Document, pointer: Pointer, operation: Document) -> None:
    source = _pointer(operation, "from")
    if pointer[: len(source)] == source and pointer != source:
        raise bad_request("Cannot move a value into itself.")
    holder = _holder(document, source)
    value = cast("Document", holder).pop(cast("str", _position(holder, source)))
    _put(_holder(document, pointer), pointer, value, insert=True)


def _position(holder: _Holder, pointer: Pointer) -> str | int:
    """The existing place of the last part. Raises 400 where there is none."""
    last = pointer[-1]
    if isinstance(holder, dict):
        if last not in holder:
            raise _missing(pointer)
        return last
    index = _index(last)
    if index is None or index >= len(holder):
        raise _missing(pointer)
    return index


def _index(part: str) -> int | None:
    return int(part) if part.isascii() and part.isdigit() else None


def _value(operation: Document) -> Value:
    if "value" not in operation:
        raise bad_request(f"The patch operation '{operation['op']}' needs a value.")
    return operation["value"]


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _missing(pointer: Pointer) -> Exception:
    return bad_request(
        f"For the patch path '/{'/'.join(pointer)}': the path does not exist in the document."
    )


_HANDLERS: dict[str, Callable[[Document, Pointer, Document], None]] = {
    "add": _add,
    "set": _set,
    "replace": _replace,
    "remove": _remove,
    "incr": _increment,
    "move": _move,
}
