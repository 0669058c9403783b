"""Cosmos DB is killed in the middle of a story: 503, and after that everything is there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.demo.client import Response, eventually
from tests.journeys import steps
from tests.journeys.house import House, is_outage, must_be


@pytest.fixture
def trip(house: House) -> dict[str, object]:
    yard = steps.place(house.dispatcher)
    return {
        "yard": yard,
        **steps.planned(house.dispatcher, steps.unique("Ride"), house.driver.id, yard),
    }


def at_the_same_time(asked: dict[str, Callable[[], Response]]) -> dict[str, Response]:
    """Each waits for its own retries."""
    with ThreadPoolExecutor(len(asked)) as pool:
        waiting = {name: pool.submit(ask) for name, ask in asked.items()}
        return {name: each.result() for name, each in waiting.items()}


def test_requests_are_told_to_come_back(house: House, trip: dict[str, object]) -> None:
    dispatcher, driver = house.dispatcher, house.driver.client
    yard = trip["yard"]
    assert isinstance(yard, steps.Place)
    steps.started(driver, str(trip["id"]))
    house.kill("cosmos")
    key = {"Idempotency-Key": steps.unique("key").replace(" ", "-")}
    wish = steps.trip_wish(steps.unique("Later"), house.driver.id, yard)
    reported = {"positions": steps.arrival(yard)}
    login = {"email": "dana@example.com", "password": "not the password"}
    answers = at_the_same_time(
        {
            "read": lambda: dispatcher.send("GET", f"v1/trips/{trip['id']}"),
            "list": lambda: dispatcher.send("GET", "v1/notifications"),
            "write": lambda: dispatcher.send("POST", "v1/trips", wish, key),
            "login": lambda: dispatcher.send("POST", "v1/auth/login", login),
            "positions": lambda: driver.send("POST", "v1/positions", reported),
            "contacts": lambda: house.people.administrator.send("GET", "v1/contacts"),
        }
    )
    assert {name: a.status for name, a in answers.items() if not is_outage(a)} == {}
    ready = dispatcher.send("GET", "health/ready")
    assert (ready.status, ready.json["status"]) == (503, "down")
    assert dispatcher.send("GET", "health").status == 200

    house.again("cosmos")
    read = eventually("the trip being there", lambda: _found(house, str(trip["id"])))
    assert read["status"] == "underway"
    made = must_be(dispatcher.send("POST", "v1/trips", wish, key), 201)
    assert must_be(dispatcher.send("POST", "v1/trips", wish, key), 201)["id"] == made["id"]
    driver.post("v1/positions", reported)
    steps.ended(dispatcher, str(trip["id"]))
    trail = dispatcher.get(f"v1/trips/{trip['id']}/audit")
    assert trail["intact"]


def test_what_waits_in_the_outbox_is_told_afterwards(house: House) -> None:
    """Killed right after the writes, before a relay can have read all of them."""
    dispatcher, driver = house.dispatcher, house.driver
    yard, title = steps.place(dispatcher), steps.unique("Told")
    steps.planned(dispatcher, f"{title} 0", driver.id, yard)
    for number in range(1, 5):
        dispatcher.post("v1/trips", steps.trip_wish(f"{title} {number}", driver.id, yard))
    house.kill("cosmos")
    house.again("cosmos")
    wanted = sorted(f"New trip: {title} {number}" for number in range(5))
    eventually("all being told", lambda: sorted(steps.titles(driver.client, title)) == wanted)
    house.settled()
    assert sorted(steps.titles(driver.client, title)) == wanted


def _found(house: House, trip_id: str) -> dict[str, object] | None:
    answer = house.dispatcher.send("GET", f"v1/trips/{trip_id}")
    return answer.json if answer.status == 200 else None
