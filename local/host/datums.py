"""Values in the engine's own currency, `Datum`. The only place that knows its type names."""

import json
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from azure_functions_runtime.bindings.datumdef import Datum


def text(value: str) -> Any:
    """A string."""
    return Datum(value, "string")


def binary(value: bytes) -> Any:
    """Bytes."""
    return Datum(value, "bytes")


def as_json(value: object) -> Any:
    """Anything that JSON can hold; what it cannot is written as text."""
    return Datum(json.dumps(value, default=str), "json")


def texts(values: Sequence[str]) -> Any:
    """Several strings, as a batch of messages arrives."""
    return Datum(SimpleNamespace(string=list(values)), "collection_string")


def binaries(values: Sequence[bytes]) -> Any:
    """Several byte strings, as a batch of messages arrives."""
    return Datum(SimpleNamespace(bytes=list(values)), "collection_bytes")


def http(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    route: Mapping[str, str],
    body: bytes,
) -> Any:
    """An HTTP request, its header names in lower case."""
    return Datum(
        {
            "method": text(method),
            "url": text(url),
            "headers": {name: text(value) for name, value in headers.items()},
            "query": {name: text(value) for name, value in query.items()},
            "params": {name: text(value) for name, value in route.items()},
            "body": binary(body),
        },
        "http",
    )
