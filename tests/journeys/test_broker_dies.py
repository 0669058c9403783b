"""Service Bus is killed in the middle of a story and started again with its data."""

from local.demo.client import eventually
from tests.journeys import steps
from tests.journeys.house import House, must_be

TITLE = "Round trip"


def test_everything_told_arrives_once(house: House) -> None:
    dispatcher, driver = house.dispatcher, house.driver
    yard, round_, phone = steps.place(dispatcher), steps.unique(TITLE), steps.new_phone()
    told = [steps.planned(dispatcher, f"{round_} a", driver.id, yard)["title"]]
    told += [steps.planned(dispatcher, f"{round_} b", driver.id, yard)["title"]]
    dead = house.dead()

    house.kill("servicebus")
    for letter in "cde":
        wish = steps.trip_wish(f"{round_} {letter}", driver.id, yard)
        told.append(must_be(dispatcher.send("POST", "v1/trips", wish), 201)["title"])
    newcomer, _ = steps.new_driver(house, "Nora Newcomer")
    new_yard = steps.place(dispatcher)
    steps.sent_envelope(dispatcher, steps.unique("Note"), phone)

    house.again("servicebus")
    wish = steps.trip_wish(f"{round_} f", driver.id, yard)
    told.append(must_be(dispatcher.send("POST", "v1/trips", wish), 201)["title"])
    steps.planned(dispatcher, f"{round_} g", newcomer.id, new_yard)
    told = sorted(f"New trip: {title}" for title in told)

    eventually("everything arriving", lambda: sorted(steps.titles(driver.client, round_)) == told)
    eventually("the newcomer being told", lambda: steps.titles(newcomer.client, round_))
    eventually("the SMS", lambda: house.messages(phone))
    house.settled()
    assert sorted(steps.titles(driver.client, round_)) == told
    assert len(steps.titles(newcomer.client, round_)) == 1
    assert len(house.messages(phone)) == 1
    assert house.dead() == dead


def test_a_trip_whose_arrivals_are_told_meanwhile_ends(house: House) -> None:
    dispatcher, driver = house.dispatcher, house.driver
    first, last = steps.place(dispatcher), steps.place(dispatcher)
    title = steps.unique(TITLE)
    trip = steps.planned(dispatcher, title, driver.id, first, last)
    steps.started(driver.client, trip["id"])
    house.kill("servicebus")
    for where in (first, last):
        answer = driver.client.send("POST", "v1/positions", {"positions": steps.arrival(where)})
        assert must_be(answer, 200)["accepted"] == len(steps.arrival(where))
    assert dispatcher.get(f"v1/trips/{trip['id']}")["status"] == "underway"
    house.again("servicebus")
    assert [s["how"] for s in steps.ended(dispatcher, trip["id"])["stops"]] == ["geofence"] * 2
    eventually("the dispatcher being told", lambda: len(steps.titles(dispatcher, title)) >= 3)
    house.settled()
    assert len(steps.titles(dispatcher, title)) == 3  # two stops and the end, each once
