"""Everything is killed at once, and started again on what was on the disk."""

from dataclasses import dataclass

from local.demo.client import Client, eventually
from local.setting_up import first_administrator
from tests.journeys import steps
from tests.journeys.house import House
from tests.journeys.messages import message, send


@dataclass
class Left:
    """What stood, or waited, when the lights went out."""

    newcomer: Client
    paper: steps.Paper
    trip_id: str
    told: set[str]
    poisoned: int
    dead: dict[str, int]
    late_title: str


def left_behind(house: House, title: str) -> Left:
    dispatcher, driver = house.dispatcher, house.driver
    yard = steps.place(dispatcher)
    newcomer, _ = steps.new_driver(house, "Olga Old")
    paper = steps.paper(dispatcher)
    trip = steps.planned(dispatcher, title, driver.id, yard)
    eventually("the driver being told", lambda: steps.titles(driver.client, title))
    poisoned = house.poisoned()
    send(house, [("notifications-send", message(b"left in the queue"))])
    eventually("it being put aside", lambda: house.poisoned() > poisoned)
    told = {item["id"] for item in driver.client.get("v1/notifications?limit=100")["items"]}
    house.on_disk(f"/{paper.id}/1")
    found = Left(newcomer.client, paper, trip["id"], told, house.poisoned(), house.dead(), "")
    # This is answered, and no relay has told it yet.
    late = dispatcher.post("v1/trips", steps.trip_wish(steps.unique("Late"), driver.id, yard))
    found.late_title = late["title"]
    return found


def test_everything_that_was_answered_survives(house: House) -> None:
    dispatcher, driver, phone = house.dispatcher, house.driver, steps.new_phone()
    title = steps.unique("Before the cut")
    envelope_id = steps.sent_envelope(dispatcher, title, phone)
    token = steps.link_to(house, phone)
    left, ports = left_behind(house, title), house.azure.ports

    house.kill(*house.azure.processes)
    house.all_again()

    assert house.azure.ports == ports
    assert first_administrator(house.azure.base_url, house.azure.keys.master_key) is None
    assert left.newcomer.get("v1/me")["name"] == "Olga Old"
    content = dispatcher.must("GET", f"v1/documents/{left.paper.id}/content").body
    assert content == left.paper.content
    assert dispatcher.get(f"v1/trips/{left.trip_id}")["status"] == "planned"
    kept = {item["id"] for item in driver.client.get("v1/notifications?limit=100")["items"]}
    assert left.told <= kept
    assert (house.poisoned(), house.dead()) == (left.poisoned, left.dead)
    eventually("the last word arriving", lambda: steps.titles(driver.client, left.late_title))

    assert dispatcher.get(f"v1/envelopes/{envelope_id}")["status"] == "sent"
    assert len(house.messages(phone)) == 1
    steps.sign(house.azure.base_url, token)
    steps.envelope_in(dispatcher, envelope_id, "completed")
    assert dispatcher.must("GET", f"v1/envelopes/{envelope_id}/sealed").body.startswith(b"%PDF-")
    house.settled()
    assert len(steps.titles(driver.client, left.late_title)) == 1


def test_the_host_dies_while_messages_are_handled(house: House) -> None:
    """Locks of a dead host run out or are released; what was handled is not handled again."""
    dispatcher, driver = house.dispatcher, house.driver
    yard, title = steps.place(dispatcher), steps.unique("Burst")
    steps.planned(dispatcher, f"{title} 0", driver.id, yard)
    for number in range(1, 8):
        dispatcher.post("v1/trips", steps.trip_wish(f"{title} {number}", driver.id, yard))
    house.kill("host")
    house.azure.start_host()
    wanted = sorted(f"New trip: {title} {number}" for number in range(8))

    def told() -> bool:
        return sorted(steps.titles(driver.client, title)) == wanted

    eventually("all being told", told, 100)
    house.settled()
    assert told()
