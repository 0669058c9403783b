"""Several clients at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from local.demo.client import Response, eventually
from tests.journeys import steps
from tests.journeys.house import House

T = TypeVar("T")
MANY = 8


def at_once(do: Callable[[int], T]) -> list[T]:
    """All start when the last one is ready."""
    ready = Barrier(MANY)

    def one(number: int) -> T:
        ready.wait(30)
        return do(number)

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def listed(house: House, title: str) -> list[dict[str, Any]]:
    items = house.dispatcher.get("v1/trips?limit=100")["items"]
    return [trip for trip in items if trip["title"] == title]


def test_the_same_request_many_times_at_once_makes_one_trip(house: House) -> None:
    yard, title = steps.place(house.dispatcher), steps.unique("Once")
    steps.planned(house.dispatcher, steps.unique("Known"), house.driver.id, yard)
    wish = steps.trip_wish(title, house.driver.id, yard)
    key = {"Idempotency-Key": title.replace(" ", "-")}

    def post(_number: int) -> Response:
        return house.dispatcher.send("POST", "v1/trips", wish, key)

    answers = at_once(post)
    assert {answer.status for answer in answers} <= {201, 409}
    refused = [answer for answer in answers if answer.status == 409]
    assert {answer.code for answer in refused} <= {"idempotency-key-in-flight"}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    made = [answer.json["id"] for answer in answers if answer.status == 201]
    assert len(set(made)) == 1
    again = post(0)
    assert (again.status, again.json["id"]) == (201, made[0])
    assert again.headers["idempotency-replayed"] == "true"
    assert len(listed(house, title)) == 1
    eventually("the driver being told", lambda: steps.titles(house.driver.client, title))
    house.settled()
    assert len(steps.titles(house.driver.client, title)) == 1


def test_of_many_changes_of_one_version_one_is_made(house: House) -> None:
    yard = steps.place(house.dispatcher)
    trip = steps.planned(house.dispatcher, steps.unique("Raced"), house.driver.id, yard)
    etag = house.dispatcher.must("GET", f"v1/trips/{trip['id']}").headers["etag"]
    name = steps.unique("Renamed")

    def rename(number: int) -> int:
        body = {"title": f"{name} {number}"}
        path = f"v1/trips/{trip['id']}"
        return house.dispatcher.send("PATCH", path, body, {"If-Match": etag}).status

    assert sorted(at_once(rename)) == [200] + [412] * (MANY - 1)
    trail = house.dispatcher.get(f"v1/trips/{trip['id']}/audit")
    assert trail["intact"]
    assert [entry["action"] for entry in trail["entries"]].count("change trip") == 1


def test_many_drivers_arrive_at_once(house: House) -> None:
    """Each with an own trip to the same yard; some say everything twice."""
    yard, title = steps.place(house.dispatcher), steps.unique("Crowd")
    crew = [steps.new_driver(house, f"Driver {number}")[0] for number in range(MANY)]
    trips = [
        steps.planned(house.dispatcher, f"{title} {n}", driver.id, yard)["id"]
        for n, driver in enumerate(crew)
    ]
    for driver, trip_id in zip(crew, trips, strict=True):
        steps.started(driver.client, trip_id)

    def arrive(number: int) -> int:
        body = {"positions": steps.arrival(yard)}
        for _ in range(1 + number % 2):
            crew[number].client.post("v1/positions", body)
        return number

    at_once(arrive)
    for trip_id in trips:
        trip = steps.ended(house.dispatcher, trip_id)
        assert [stop["how"] for stop in trip["stops"]] == ["geofence"]
    expected = sorted(f"{title} {n}: Stop 1 reached" for n in range(MANY))

    def reached() -> list[str]:
        found = steps.titles(house.dispatcher, title)
        return sorted(each for each in found if each.endswith("Stop 1 reached"))

    eventually("the dispatcher being told", lambda: len(reached()) >= MANY)
    house.settled()
    assert reached() == expected


def test_two_starts_of_two_trips_of_one_driver(house: House) -> None:
    """A driver drives one trip at a time, whichever phone asks first."""
    yard = steps.place(house.dispatcher)
    driver, _ = steps.new_driver(house, "Twice Asked")
    trips = [
        steps.planned(house.dispatcher, steps.unique("Both"), driver.id, yard)["id"]
        for _ in range(MANY)
    ]

    def start(number: int) -> int:
        return driver.client.send("POST", f"v1/trips/{trips[number]}/start", {}).status

    statuses = at_once(start)
    assert set(statuses) <= {200, 409, 412}
    underway = driver.client.get("v1/trips?limit=100&status=underway")["items"]
    assert len(underway) == 1
    assert statuses.count(200) == 1
