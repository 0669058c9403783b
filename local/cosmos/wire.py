"""JSON as it travels and as it is stored. Knows no resource."""

from typing import Any

import orjson

from local.cosmos.errors import bad_request

Document = dict[str, Any]
# A JSON value, or `UNDEFINED` inside queries: the data decides its shape, not the emulator.
Value = Any


def encode(value: Value) -> bytes:
    """Raises a 400 for what JSON cannot hold: numbers too large, nesting too deep."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise bad_request(f"The value cannot be written as JSON. {error}") from None


def raw(data: bytes) -> Value:
    """JSON that is written already, to stand as it is inside other JSON."""
    return orjson.Fragment(data)


def text(value: Value) -> str:
    return encode(value).decode()


def canonical(value: Value) -> str:
    """The same text for equal values: sorted names, and whole numbers written as integers."""
    return orjson.dumps(_whole(value), option=orjson.OPT_SORT_KEYS).decode()


def decode(data: bytes | str) -> Value:
    """Raises a 400 where the bytes are not JSON."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise bad_request(f"The request payload is invalid. {error}") from None


def decode_object(data: bytes) -> Document:
    value = decode(data)
    if not isinstance(value, dict):
        raise bad_request("The request payload is invalid. Ensure to provide a valid JSON object.")
    return value


def copy(document: Document) -> Document:
    """A deep copy; stored documents are shared between readers and are never changed in place."""
    duplicate: Document = orjson.loads(orjson.dumps(document))
    return duplicate


def _whole(value: Value) -> Value:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    return value
