"""OpenAPI 3.1 down to 3.0.3, which is what API Management imports without loss."""

from typing import Any


def as_3_0(document: dict[str, Any]) -> dict[str, Any]:
    """The same API in the words of OpenAPI 3.0.3; nothing that a caller must know is lost."""
    older: dict[str, Any] = _down(document)
    older["openapi"] = "3.0.3"
    older["info"]["license"] = {"name": older["info"]["license"]["name"]}
    return older


def _down(node: Any) -> Any:
    if isinstance(node, list):
        return [_down(each) for each in node]
    if not isinstance(node, dict):
        return node
    lowered = {key: _down(value) for key, value in node.items()}
    for rewrite in (_nullable, _constant, _bounds, _examples, _pairs, _patterns):
        lowered = rewrite(lowered)
    return lowered


def _nullable(node: dict[str, Any]) -> dict[str, Any]:
    """`anyOf: [X, null]` is `nullable`."""
    choices = node.get("anyOf")
    if not isinstance(choices, list) or {"type": "null"} not in choices:
        return node
    others = [choice for choice in choices if choice != {"type": "null"}]
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    if len(others) == 1 and "$ref" not in others[0]:
        return {**others[0], **rest, "nullable": True}
    return {**rest, "anyOf": others, "nullable": True}


def _constant(node: dict[str, Any]) -> dict[str, Any]:
    """`const` is an `enum` of one."""
    if "const" not in node or isinstance(node["const"], dict):
        return node
    rest = {key: value for key, value in node.items() if key != "const"}
    return {**rest, "enum": [node["const"]]}


def _bounds(node: dict[str, Any]) -> dict[str, Any]:
    """Exclusive bounds were flags beside the bound."""
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        value = node.get(exclusive)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            node = {**node, bound: value, exclusive: True}
    return node


def _examples(node: dict[str, Any]) -> dict[str, Any]:
    """A schema has one `example`."""
    examples = node.get("examples")
    if not isinstance(examples, list):
        return node
    rest = {key: value for key, value in node.items() if key != "examples"}
    return {**rest, "example": examples[0]} if examples else rest


def _pairs(node: dict[str, Any]) -> dict[str, Any]:
    """`prefixItems` had no older form; what remains is how many items there are."""
    if "prefixItems" not in node:
        return node
    rest = {key: value for key, value in node.items() if key != "prefixItems"}
    return {**rest, "items": rest.get("items") or {}}


def _patterns(node: dict[str, Any]) -> dict[str, Any]:
    """What is said of keys of a pattern is said of all keys; what keys look like is left out."""
    if isinstance(node.get("propertyNames"), dict):
        node = {key: value for key, value in node.items() if key != "propertyNames"}
    patterns = node.get("patternProperties")
    if not isinstance(patterns, dict) or not patterns:
        return node
    rest = {key: value for key, value in node.items() if key != "patternProperties"}
    return {**rest, "additionalProperties": next(iter(patterns.values()))}
