"""The trip sheet, read back as a reader would."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from functions.trips import api
from functions.trips.domain.stops import How, Stop
from functions.trips.domain.trip import Status, Trip
from functions.trips.models.sheet import difference, sheet, span, totals
from shared.identity.caller import Caller
from tests.support.http import Answer, call
from tests.trips.asking import (
    arrive,
    check_in,
    company,
    dispatcher,
    driver,
    entered,
    plan,
    underway,
)

EIGHT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def text(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def stop(number: int, planned_min: int | None = None, reached_min: float | None = None) -> Stop:
    return Stop(
        id=f"s{number}",
        name=f"Customer {number}",
        geofence_id="g",
        planned_arrival=None if planned_min is None else EIGHT + timedelta(minutes=planned_min),
        reached_at=None if reached_min is None else EIGHT + timedelta(minutes=reached_min),
        how=None if reached_min is None else How.GEOFENCE,
    )


def trip(*stops: Stop, **more: object) -> Trip:
    fields = {
        "id": "0199",
        "tenant_id": "x",
        "title": "Morning round",
        "planned_by": "boss",
        "driver_id": "d-1",
        "created_at": EIGHT,
        "stops": stops,
        **more,
    }
    return Trip.model_validate(fields)


def test_a_finished_trip_shows_planned_and_actual() -> None:
    finished = trip(
        stop(1, 30, 42),
        stop(2, 60, 55).model_copy(update={"how": How.CHECK_IN}),
        stop(3, 90, 90.5),
        status=Status.ENDED,
        planned_start=EIGHT,
        started_at=EIGHT + timedelta(minutes=5),
        ended_at=EIGHT + timedelta(minutes=90.5),
    )
    read = text(sheet(finished, "Dora Driver", EIGHT + timedelta(hours=4)))

    assert "Trip sheet Morning round Driver Dora Driver Status ended" in read
    assert "1 Customer 1 2026-11-20 08:30 UTC 2026-11-20 08:42 UTC 12 min late geofence" in read
    assert "2 Customer 2 2026-11-20 09:00 UTC 2026-11-20 08:55 UTC 5 min early check-in" in read
    assert "3 Customer 3 2026-11-20 09:30 UTC 2026-11-20 09:30 UTC on time geofence" in read
    assert "Stops reached 3 of 3" in read
    assert "By geofence / by check-in 2 / 1" in read
    assert "Reached late 1" in read
    assert "Planned duration 1 h 30 min" in read
    assert "Actual duration 1 h 25 min" in read
    assert "Trip 0199 · printed 2026-11-20 12:00 UTC Page 1" in read


def test_a_planned_trip_has_blanks_to_fill_in() -> None:
    read = text(sheet(trip(stop(1), driver_id=None), None, EIGHT))

    assert "Driver not assigned Status planned Planned start - Started - Ended -" in read
    assert "1 Customer 1 - not reached - -" in read
    assert "Planned duration - Actual duration -" in read
    assert "Driver: ____" in read


def test_a_cancelled_trip_says_why() -> None:
    cancelled = trip(
        stop(1), status=Status.CANCELLED, cancelled_at=EIGHT, cancel_reason="Snow <deep> & ice"
    )

    assert "Cancelled 2026-11-20 08:00 UTC: Snow <deep> & ice" in text(
        sheet(cancelled, None, EIGHT)
    )


def test_a_hundred_stops_with_long_names_and_notes_fill_several_pages() -> None:
    long = [
        stop(number).model_copy(update={"name": "W" * 200, "note": "n" * 500})
        for number in range(1, 101)
    ]
    pdf = sheet(trip(*long, title="T" * 200), None, EIGHT)
    pages = PdfReader(BytesIO(pdf)).pages

    assert len(pages) > 5
    assert all("Difference" in page.extract_text() for page in pages[:-1])
    assert f"Page {len(pages)}" in pages[-1].extract_text()


def test_names_in_other_scripts_are_drawn() -> None:
    foreign = trip(stop(1).model_copy(update={"name": "Łódź, Київ, Αθήνα"}))

    assert "Łódź, Київ, Αθήνα" in text(sheet(foreign, "Jürgen Šimek", EIGHT))


def test_the_same_trip_is_the_same_bytes() -> None:
    assert sheet(trip(stop(1, 5)), "D", EIGHT) == sheet(trip(stop(1, 5)), "D", EIGHT)


def test_times_of_other_zones_are_shown_in_utc() -> None:
    tokyo = datetime.fromisoformat("2026-11-20T17:00:00+09:00")

    assert "Planned start 2026-11-20 08:00 UTC" in text(
        sheet(trip(stop(1), planned_start=tokyo), None, EIGHT)
    )


def test_lengths_and_differences() -> None:
    assert [span(timedelta(minutes=m)) for m in (0, 59, 60, 61, 1500)] == [
        "0 min",
        "59 min",
        "1 h 00 min",
        "1 h 01 min",
        "25 h 00 min",
    ]
    assert [difference(stop(1, 10, reached)) for reached in (9.5, 10.9, 11, 75)] == [
        "on time",
        "on time",
        "1 min late",
        "1 h 05 min late",
    ]
    planned_backwards = trip(stop(1, -10), planned_start=EIGHT)
    assert dict(totals(planned_backwards))["Planned duration"] == "-"


async def printed(tenant: str, trip_id: str, caller: Caller) -> Answer:
    return await call(api.print_sheet, method="GET", caller=caller, trip_id=trip_id)


@pytest.mark.usefixtures("records")
async def test_the_sheet_of_a_driven_trip(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    await arrive(entered(tenant, "north"))
    await check_in(tenant, "south", after_s=2)
    answer = await printed(tenant, trip_id, driver(tenant))

    assert (answer.status, answer.media_type) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="trip-{trip_id}.pdf"'
    read = text(answer.body)
    assert "Driver Driver d-1 Status ended" in read
    assert "By geofence / by check-in 1 / 1" in read


@pytest.mark.usefixtures("records")
async def test_a_sheet_is_for_the_driver_and_dispatchers(tenant: str) -> None:
    await company(tenant)
    mine, nobodys = await plan(tenant), await plan(tenant, driver_id=None)

    assert (await printed(tenant, mine.json["id"], dispatcher(tenant))).status == 200
    assert "not assigned" in text(
        (await printed(tenant, nobodys.json["id"], dispatcher(tenant))).body
    )
    other = await printed(tenant, mine.json["id"], driver(tenant, "d-2"))
    assert (other.status, other.code) == (403, "not-your-trip")
    assert (await printed(tenant, "no-such", dispatcher(tenant))).status == 404
