"""What the service says when it refuses, out of the layers it is wrapped in. Pure."""

import re
from typing import Any

import orjson

INNER = re.compile(r"Message:\s*(\{.*\})", re.DOTALL)
ACTIVITY = re.compile(r"[\r\n,]*\s*ActivityId:.*", re.DOTALL)


def sentence_of(said: str) -> str:
    """The message, or the messages of a query's errors, each with its code before it."""
    document = _json(said)
    message = str(document.get("message") or said)
    inner = INNER.search(message)
    errors = _json(inner[1]).get("errors") if inner else None
    if isinstance(errors, list) and errors:
        return " ".join(_error(each) for each in errors)
    return ACTIVITY.sub("", message).strip()


def _error(found: Any) -> str:
    if not isinstance(found, dict):
        return str(found)
    code, message = found.get("code"), str(found.get("message") or "")
    return f"{code}: {message}" if code else message


def _json(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
