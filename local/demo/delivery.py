"""Steps 2 and 3: the papers, the plan, and the ride."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from local.demo.client import Client, eventually
from local.demo.people import People
from local.demo.show import Show
from local.demo.track import Fix, Stop

BATCH = 25
SEED = 3
TITLE = "Delivery to Northgate Stores"


@dataclass(frozen=True)
class Material:
    """What is delivered, and along which way."""

    pdf: bytes
    name: str
    fixes: list[Fix]
    stops: list[Stop]


@dataclass
class Plan:
    """What was made of papers and track."""

    document: dict[str, Any]
    trip_id: str
    fences: list[dict[str, Any]]


def planned(show: Show, people: People, material: Material) -> Plan:
    """The dispatcher uploads the note, lays geofences around the stops, and assigns the driver."""
    dispatcher = people.dispatcher.client
    pdf, stops = material.pdf, material.stops
    document = uploaded(dispatcher, pdf, material.name)
    show.check(
        "the delivery note is stored with its SHA-256",
        document["versions"][-1]["sha256"] == hashlib.sha256(pdf).hexdigest(),
        document,
    )
    content = dispatcher.must("GET", f"v1/documents/{document['id']}/content").body
    show.check("it comes back byte for byte", content == pdf)
    since = material.fixes[0].at - timedelta(minutes=1)
    fences = [dispatcher.post("v1/geofences", _fence(stop, since)) for stop in stops]
    wish = {
        "title": "Delivery",
        "driver_id": people.driver.id,
        "planned_start": material.fixes[0].at.isoformat(),
        "stops": [
            {"name": stop.name, "geofence_id": fence["id"], "planned_arrival": at.isoformat()}
            for stop, fence, at in zip(stops, fences, _planned_arrivals(material), strict=True)
        ],
    }

    def plan() -> Any:
        """Trips learn of users and geofences through events, which take a moment."""
        answer = dispatcher.ask("POST", "v1/trips", wish)
        return answer.json if answer.status == 201 else None

    trip = eventually("planning a trip for the driver", plan)
    show.check("a trip with two stops is planned", len(trip["stops"]) == 2, trip)
    titled = dispatcher.change(f"v1/trips/{trip['id']}", lambda _: {"title": TITLE})
    show.check("the dispatcher corrects its title", titled["title"] == TITLE, titled)
    inbox = eventually("the driver being told", lambda: _inbox(people.driver.client, "trip"))
    show.check("the driver is notified", inbox)
    return Plan(document, trip["id"], fences)


def _planned_arrivals(material: Material) -> list[datetime]:
    """A plan as optimistic as plans are."""
    began, ended = material.fixes[0].at, material.fixes[-1].at
    count = len(material.stops)
    return [began + (ended - began) * 0.9 * (n / count) for n in range(1, count + 1)]


def uploaded(client: Client, pdf: bytes, name: str) -> dict[str, Any]:
    """Straight to Blob Storage by a short-lived link, then accepted by the app."""
    wish = {"name": name, "media_type": "application/pdf", "size_bytes": len(pdf)}
    begun = client.post("v1/documents", wish)
    upload = begun["upload"]
    client.with_token(None).must(upload["method"], upload["url"], pdf, **upload["headers"])
    document_id = begun["document"]["id"]
    accepted: dict[str, Any] = client.post(f"v1/documents/{document_id}/versions/1/complete")
    return accepted


def driven(show: Show, people: People, plan: Plan, fixes: Sequence[Fix]) -> None:
    """The driver sets off; the phone uploads in batches, some twice and some late."""
    driver, trip = people.driver.client, f"v1/trips/{plan.trip_id}"
    started_at = fixes[0].at - timedelta(seconds=1)
    driver.settle(f"{trip}/start", {"at": started_at.isoformat()}, already="trip-not-planned")
    show.check("the trip is underway", driver.get(trip)["status"] == "underway")
    sent = [_positions(fixes[n : n + BATCH]) for n in range(0, len(fixes), BATCH)]
    order = _as_a_phone_sends(len(sent))
    accepted = 0
    for index in order:
        answer = driver.post("v1/positions", {"positions": sent[index]})
        accepted += answer["accepted"]
    show.note(f"{len(fixes)} positions in {len(sent)} batches, sent {len(order)} times")
    show.check("no position counts twice", accepted <= len(fixes), accepted)
    reached = eventually("both stops being reached", lambda: _all_reached(driver, trip))
    show.check("both stops are reached by geofence", {"geofence"} == reached, reached)
    last = fixes[-1]
    here = {
        "geofence_id": plan.fences[-1]["id"],
        "at": datetime.now(UTC).isoformat(),
        "longitude": last.longitude,
        "latitude": last.latitude,
        "accuracy_m": last.accuracy_m,
    }
    driver.post("v1/check-ins", here)
    show.check("the driver checks in at the second stop", True)
    there = {**here, "longitude": here["longitude"] + 1}
    refused = driver.ask("POST", "v1/check-ins", there)
    show.check(
        "a check-in from elsewhere is refused", refused.code == "not-at-the-geofence", refused
    )


def _all_reached(driver: Client, trip: str) -> set[str] | None:
    stops = driver.get(trip)["stops"]
    return (
        {stop["how"] for stop in stops} if all(stop.get("reached_at") for stop in stops) else None
    )


def _as_a_phone_sends(batches: int) -> list[int]:
    """Every batch at least once; every third again later; neighbours sometimes swapped."""
    dice = random.Random(SEED)  # noqa: S311 - disorder, not a secret
    order = list(range(batches))
    for index in range(0, batches - 1, 4):
        order[index], order[index + 1] = order[index + 1], order[index]
    again = [index for index in order if index % 3 == 0]
    dice.shuffle(again)
    return order + again


def _positions(fixes: Sequence[Fix]) -> list[dict[str, Any]]:
    return [
        {
            "at": fix.at.isoformat(),
            "longitude": fix.longitude,
            "latitude": fix.latitude,
            "accuracy_m": fix.accuracy_m,
        }
        for fix in fixes
    ]


def _fence(stop: Stop, since: datetime) -> dict[str, Any]:
    """In force since before the ride, which the phone reports late."""
    circle = {
        "type": "circle",
        "center": [stop.longitude, stop.latitude],
        "radius_m": stop.radius_m,
    }
    return {"name": stop.name, "shape": circle, "valid_from": since.isoformat()}


def _inbox(client: Client, word: str) -> list[Any]:
    items = client.get("v1/notifications")["items"]
    return [item for item in items if word in (item["title"] + item["text"]).lower()]
