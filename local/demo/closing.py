"""Step 7: what is left when all is done."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.demo.client import eventually
from local.demo.delivery import Plan
from local.demo.people import People
from local.demo.show import Show


def closed(
    show: Show,
    people: People,
    plan: Plan,
    envelope_id: str,
    dead_letters: Callable[[], dict[str, int]],
    results: Path,
) -> None:
    """The trip has ended, its papers exist, every chain verifies, nothing was left behind."""
    dispatcher = people.dispatcher.client
    trip = dispatcher.get(f"v1/trips/{plan.trip_id}")
    show.check("the trip has ended", trip["status"] == "ended", trip)
    sheet = dispatcher.must("GET", f"v1/trips/{plan.trip_id}/sheet.pdf").body
    (results / "trip-sheet.pdf").write_bytes(sheet)
    show.check("the trip sheet is a PDF", sheet.startswith(b"%PDF-"))

    def signed_version() -> Any:
        document = dispatcher.get(f"v1/documents/{plan.document['id']}")
        return document if len(document["versions"]) == 2 else None

    document = eventually("the signed note becoming a version of the document", signed_version)
    newest = max(document["versions"], key=lambda version: version["number"])
    sealed = (results / "delivery-note-signed.pdf").read_bytes()
    show.check(
        "the document's second version is the signed note",
        newest["sha256"] == hashlib.sha256(sealed).hexdigest(),
        newest,
    )
    for name, path in (
        ("trip", f"v1/trips/{plan.trip_id}/audit"),
        ("envelope", f"v1/envelopes/{envelope_id}/audit"),
    ):
        trail = dispatcher.get(path)
        show.check(f"the {name}'s audit chain verifies", chain_holds(trail), trail)
        (results / f"{name}-audit.json").write_text(json.dumps(trail, indent=2), encoding="utf-8")
    told = {
        who: [item["title"] for item in person.client.get("v1/notifications")["items"]]
        for who, person in (("dispatcher", people.dispatcher), ("driver", people.driver))
    }
    for who, titles in told.items():
        show.note(f"{who}: {'; '.join(titles)}")
    show.check("dispatcher and driver were told", all(told.values()), told)
    left = eventually("every queue being worked off", lambda: _settled(dead_letters()))
    show.check("no message is dead", not any(left.values()), left)


def chain_holds(trail: dict[str, Any]) -> bool:
    """Recomputed here, by the published rule and not by the app's code."""
    head = ""
    for entry in trail["entries"]:
        outside = {"hash", "salt"} | ({"personal"} if not entry.get("personal") else set())
        content = _whole({key: value for key, value in entry.items() if key not in outside})
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if entry["previous_hash"] != head:
            return False
        if hashlib.sha256(canonical.encode()).hexdigest() != entry["hash"]:
            return False
        head = entry["hash"]
    return bool(trail["entries"]) and bool(trail["intact"])


def _whole(node: Any) -> Any:
    """Whole numbers without a fraction, as the rule has it."""
    if isinstance(node, dict):
        return {key: _whole(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_whole(each) for each in node]
    return int(node) if isinstance(node, float) and node.is_integer() else node


def _settled(counts: dict[str, int]) -> dict[str, int] | None:
    """Dead letters by entity, once nothing is waiting any more."""
    return None if counts.get("active") else {k: v for k, v in counts.items() if k != "active"}
