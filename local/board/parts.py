"""The parts of the local Azure as the board names them, and how each fares. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.board.answers import rfc3339

TITLES = {
    "host": "App (Functions host)",
    "cosmos": "Cosmos DB",
    "servicebus": "Service Bus",
    "azurite": "Blob, Queue, Table (Azurite)",
    "communication": "E-mail and SMS",
    "livekit": "LiveKit",
    "tsa": "Timestamps (RFC 3161)",
    "blobproxy": "Blob with faults",
    "gateway": "Gateway",
    "board": "Board",
}
STATES = frozenset({"running", "starting", "restarting", "down"})
PAGES = {
    "host": (("API documentation", "/api/docs"), ("Readiness", "/api/health/ready")),
    "communication": (("Sent messages", "/"),),
}
UNLISTED = frozenset({"servicebus_admin"})


def described(
    urls: Mapping[str, str], state: Mapping[str, Any], listening: Mapping[str, bool]
) -> list[dict[str, Any]]:
    """Every part, in the order in which people know them.

    `state` is what the supervisor wrote; `listening` says who took a connection just now.
    """
    known = [name for name in TITLES if name in urls or name in _told(state)]
    others = sorted((urls.keys() | _told(state).keys()) - TITLES.keys() - UNLISTED)
    return [_part(name, urls, _told(state), listening) for name in known + others]


def _part(
    name: str,
    urls: Mapping[str, str],
    told: Mapping[str, Mapping[str, Any]],
    listening: Mapping[str, bool],
) -> dict[str, Any]:
    about = told.get(name, {})
    url = str(about.get("url") or urls.get(name, ""))
    return {
        "name": name,
        "title": TITLES.get(name) or str(about.get("title") or name),
        "url": url,
        "state": _state(str(about.get("state", "")), listening.get(name)),
        "restarts": _count(about.get("restarts")),
        "pid": about.get("pid") if isinstance(about.get("pid"), int) else None,
        "since": _time(about.get("since") or about.get("started")),
        "links": [{"title": title, "url": url + path} for title, path in PAGES.get(name, ())],
    }


def _state(told: str, listening: bool | None) -> str:
    """A part that says that it runs and takes no connection does not run."""
    if listening:
        return "running"
    if told in STATES and (told != "running" or listening is None):
        return told
    return "down"


def _told(state: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """By name. A supervisor may say it as a list, as an object, or as process ids alone."""
    parts = state.get("parts")
    if isinstance(parts, dict):
        return {str(name): each for name, each in parts.items() if isinstance(each, dict)}
    if isinstance(parts, list):
        named = [each for each in parts if isinstance(each, dict) and "name" in each]
        return {str(each["name"]): each for each in named}
    pids = state.get("pids")
    return {str(name): {"pid": pid} for name, pid in pids.items()} if isinstance(pids, dict) else {}


def _count(found: Any) -> int:
    return found if isinstance(found, int) else 0


def _time(found: Any) -> str | None:
    """Of seconds since 1970 or RFC 3339; None for anything else."""
    try:
        if isinstance(found, int | float):
            return rfc3339(datetime.fromtimestamp(found, UTC))
        return rfc3339(datetime.fromisoformat(found)) if isinstance(found, str) else None
    except (ValueError, OverflowError, OSError):
        return None
