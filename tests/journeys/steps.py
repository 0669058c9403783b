"""What people do in the stories, as their apps do it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from local.demo.client import Client, eventually
from local.demo.delivery import uploaded
from local.demo.note import delivery_note
from local.demo.people import Person
from tests.journeys.house import House

CONSENT = {"accepted": True}
_places = count()


@dataclass(frozen=True)
class Place:
    """A geofence, and where its middle is."""

    id: str
    longitude: float
    latitude: float


@dataclass
class Paper:
    """A document that was uploaded."""

    id: str
    content: bytes = field(repr=False)


def unique(title: str) -> str:
    """A title that no other test has."""
    return f"{title} {uuid4().hex[:8]}"


def place(client: Client) -> Place:
    """A geofence far from every other, in force since an hour."""
    longitude, latitude = 10 + next(_places) * 0.1, 50.0
    wish = {
        "name": unique("Yard"),
        "shape": {"type": "circle", "center": [longitude, latitude], "radius_m": 100},
        "valid_from": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
    }
    return Place(client.post("v1/geofences", wish)["id"], longitude, latitude)


def trip_wish(title: str, driver_id: str, *places: Place) -> dict[str, Any]:
    stops = [{"name": f"Stop {n}", "geofence_id": p.id} for n, p in enumerate(places, start=1)]
    return {"title": title, "driver_id": driver_id, "stops": stops}


def planned(client: Client, title: str, driver_id: str, *places: Place) -> dict[str, Any]:
    """Once trips have heard of driver and geofences."""

    def plan() -> dict[str, Any] | None:
        answer = client.send("POST", "v1/trips", trip_wish(title, driver_id, *places))
        return answer.json if answer.status == 201 else None

    return eventually(f"planning {title}", plan)


def position(where: Place, at: datetime, aside: float = 0.0) -> dict[str, Any]:
    return {
        "at": at.isoformat(),
        "longitude": where.longitude + aside,
        "latitude": where.latitude,
        "accuracy_m": 5.0,
    }


def arrival(where: Place) -> list[dict[str, Any]]:
    """From outside to well inside, half a minute ago."""
    began = datetime.now(UTC) - timedelta(seconds=30)
    outside = [position(where, began + timedelta(seconds=n), 0.02 - n * 0.002) for n in range(3)]
    inside = [position(where, began + timedelta(seconds=5 + n)) for n in range(4)]
    return outside + inside


def started(client: Client, trip_id: str) -> None:
    at = datetime.now(UTC) - timedelta(minutes=1)
    client.post(f"v1/trips/{trip_id}/start", {"at": at.isoformat()})


def ended(client: Client, trip_id: str) -> dict[str, Any]:
    def over() -> dict[str, Any] | None:
        trip: dict[str, Any] = client.get(f"v1/trips/{trip_id}")
        return trip if trip["status"] == "ended" else None

    return eventually("the trip ending", over)


def titles(client: Client, about: str = "") -> list[str]:
    """Of somebody's inbox, as far as the words occur."""
    items = client.get("v1/notifications?limit=100")["items"]
    return [item["title"] for item in items if about in item["title"] + item["text"]]


def paper(client: Client) -> Paper:
    content = delivery_note(uuid4().hex[:8], "Northgate", "2026-01-01")
    return Paper(uploaded(client, content, f"{unique('Note')}.pdf")["id"], content)


def envelope_wish(document: Paper, title: str, phone: str) -> dict[str, Any]:
    """For one signer, by SMS."""
    where = {"page": 1, "x": 0.1, "y": 0.8, "width": 0.3, "height": 0.07}
    signature = {"id": "s", "type": "signature", "required": True, "label": "sign here", **where}
    signer = {
        "name": "Cora Lindqvist",
        "phone": phone,
        "channel": "sms",
        "routing_order": 1,
        "fields": [signature],
    }
    return {
        "document_id": document.id,
        "document_version": 1,
        "title": title,
        "signers": [signer],
    }


def sent_envelope(client: Client, title: str, phone: str) -> str:
    """The id of an envelope that is on its way to its signer."""
    envelope = client.post("v1/envelopes", envelope_wish(paper(client), title, phone))
    client.post(f"v1/envelopes/{envelope['id']}/send")
    return str(envelope["id"])


def new_phone() -> str:
    return f"+4930{uuid4().int % 10_000_000:07}"


def link_to(house: House, phone: str) -> str:
    """The newest signing link that arrived there; its token alone."""

    def arrived() -> str | None:
        for message in house.messages(phone):
            for word in message["text"].split():
                if "/api/sign/" in word:
                    return str(word.rpartition("/")[2])
        return None

    return eventually("the signer's SMS", arrived)


def sign(base_url: str, token: str) -> None:
    """Read, consent, sign, as the page does."""
    client, where = Client(base_url), f"v1/signing/{token}"
    version = client.get(where)["consent"]["version"]
    client.post(f"{where}/consent", {**CONSENT, "version": version})
    signature = {"kind": "typed", "text": "Cora Lindqvist"}
    client.post(f"{where}/sign", {"signature": signature, "values": {}})


def envelope_in(client: Client, envelope_id: str, status: str, patience_s: float = 60) -> Any:
    def there() -> Any:
        found = client.get(f"v1/envelopes/{envelope_id}")
        return found if found["status"] == status else None

    return eventually(f"the envelope being {status}", there, patience_s)


def new_driver(house: House, name: str) -> tuple[Person, str]:
    """Somebody with a login and the driver's role; the password too."""
    email, password = f"{uuid4().hex}@example.com", uuid4().hex
    wish = {"name": name, "email": email, "roles": ["driver"], "password": password}
    made = house.people.administrator.post("v1/users", wish)
    return Person(made["id"], name, login(house, email, password)), password


def login(house: House, email: str, password: str) -> Client:
    base_url = house.azure.base_url
    tokens = Client(base_url).post("v1/auth/login", {"email": email, "password": password})
    return Client(base_url, tokens["access_token"])
