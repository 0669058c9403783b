"""Step 6: a call between dispatcher and driver."""

from typing import Any

from local.demo.client import Client, eventually
from local.demo.people import People
from local.demo.show import Show


def talked(show: Show, people: People, livekit_url: str) -> str:
    """The call's id. Joining and leaving is LiveKit's side; the app learns of it by webhooks."""
    dispatcher, driver = people.dispatcher, people.driver
    wish = {"topic": "Arrived at Northgate", "invited": [driver.id]}
    call = dispatcher.client.post("v1/calls", wish)
    rooms = set()
    for person in (dispatcher, driver):
        grant = person.client.post(f"v1/calls/{call['id']}/token")
        joined = Client(livekit_url).must(
            "POST", f"{livekit_url}/_local/join", {"token": grant["token"]}
        )
        rooms.add(joined.json["room"]["name"])
        show.check(f"{person.name} joins with a token", joined.status == 200, joined)

    def both_there() -> Any:
        found = dispatcher.client.get(f"v1/calls/{call['id']}")
        return found if len(found["participants"]) == 2 else None

    eventually("both being seen in the call", both_there)
    (room,) = rooms
    for person in (driver, dispatcher):
        Client(livekit_url).must(
            "POST", f"{livekit_url}/_local/leave", {"room": room, "identity": person.id}
        )
    dispatcher.client.post(f"v1/calls/{call['id']}/end")

    def ended() -> Any:
        history = dispatcher.client.get("v1/calls")["items"]
        return next((c for c in history if c["id"] == call["id"] and c["status"] == "ended"), None)

    found = eventually("the call standing in the history as ended", ended)
    names = sorted(participant["name"] for participant in found["participants"])
    show.check(
        "the history says who was there", names == sorted((dispatcher.name, driver.name)), found
    )
    show.check("and how long", found["duration_s"] >= 0, found)
    refused = dispatcher.client.with_token(None).ask(
        "POST", "v1/calls/webhooks/livekit", b"{}", {"Content-Type": "application/webhook+json"}
    )
    show.check("an unsigned webhook is refused", refused.status == 401, refused)
    return str(call["id"])
