"""What expressions may ask of the context, of texts and of JSON, by kind and name.

After https://learn.microsoft.com/azure/api-management/api-management-policy-expressions. What is
not in these lists is refused when the gateway starts.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

Property = tuple[str, Callable[[Any], Any]]
Method = tuple[tuple[str, ...], str, Callable[..., Any]]

NAMES: dict[str, str] = {"context": "context", "StringComparison": "StringComparison"}

PROPERTIES: dict[tuple[str, str], Property] = {
    ("context", "RequestId"): ("guid", lambda exchange: exchange.request_id),
    ("context", "Request"): ("request", lambda exchange: exchange),
    ("context", "Response"): ("response", lambda exchange: exchange.answer),
    ("context", "Operation"): ("operation", lambda exchange: exchange.operation),
    ("request", "Headers"): ("headers", lambda request: request.headers),
    ("request", "IpAddress"): ("string", lambda request: request.address),
    ("request", "Method"): ("string", lambda request: request.method),
    ("response", "StatusCode"): ("int", lambda response: response.status),
    ("response", "Headers"): ("headers", lambda response: response.headers),
    ("operation", "Method"): ("string", lambda operation: operation.method),
    ("operation", "UrlTemplate"): ("string", lambda operation: operation.url_template),
    ("StringComparison", "OrdinalIgnoreCase"): ("comparison", lambda _: str.lower),
    ("StringComparison", "Ordinal"): ("comparison", lambda _: str),
}


def _header(headers: Any, name: str, otherwise: str) -> str:
    return ",".join(headers.getall(name, ())) or otherwise


def _starts(text: str, beginning: str, comparison: Callable[[str], str] = str) -> bool:
    return comparison(text).startswith(comparison(beginning))


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)


METHODS: dict[tuple[str, str], list[Method]] = {
    ("headers", "GetValueOrDefault"): [(("string", "string"), "string", _header)],
    ("string", "Split"): [(("char",), "strings", str.split)],
    ("strings", "Contains"): [
        (("string",), "bool", lambda strings, wanted: wanted in strings),
    ],
    ("string", "StartsWith"): [
        (("string",), "bool", _starts),
        (("string", "comparison"), "bool", _starts),
    ],
    ("string", "ToUpper"): [((), "string", str.upper)],
    ("string", "ToLower"): [((), "string", str.lower)],
    ("string", "ToString"): [((), "string", str)],
    ("guid", "ToString"): [((), "string", str)],
    ("int", "ToString"): [((), "string", str)],
    ("object", "ToString"): [((), "string", _json)],
}
# What a JProperty may hold.
JSON_KINDS = {"string", "int", "bool", "object"}
