"""Whatever happens to a trip in whatever order, it stays a trip that can be explained."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from functions.trips.domain.refusals import NotYourTrip, TripNotPlanned, TripOver
from functions.trips.domain.stops import How, Stop
from functions.trips.domain.trip import Status, Trip
from shared.contracts import Event
from shared.contracts.trips import StopReached, TripEnded

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLACES = ("a", "b", "c")
minutes = st.integers(-10, 600)


def stops(places: list[str]) -> tuple[Stop, ...]:
    return tuple(
        Stop(id=f"s{number}", name=place, geofence_id=place) for number, place in enumerate(places)
    )


class Trips(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.trip = Trip(
            id="t",
            tenant_id="x",
            title="Round",
            planned_by="boss",
            stops=stops(["a", "b", "a"]),
            created_at=NOON,
        )
        self.told: list[Event] = []

    @rule(places=st.lists(st.sampled_from(PLACES), min_size=1, max_size=6))
    def change(self, places: list[str]) -> None:
        try:
            self.trip = self.trip.changed(stops=stops(places))
        except TripNotPlanned:
            assert self.trip.status is not Status.PLANNED
        else:
            assert self.trip.status is Status.PLANNED

    @rule(who=st.sampled_from(["d-1", "d-2"]))
    def assign(self, who: str) -> None:
        try:
            self.trip, told = self.trip.assigned_to(who, NOON)
        except TripNotPlanned:
            assert self.trip.status is not Status.PLANNED
        else:
            assert told.driver_id == who

    @rule(who=st.sampled_from(["d-1", "d-2"]), minute=minutes)
    def start(self, who: str, minute: int) -> None:
        before = self.trip
        try:
            self.trip, told = before.start(who, NOON + timedelta(minutes=minute))
        except NotYourTrip:
            assert before.driver_id != who
        except TripNotPlanned:
            assert before.status is not Status.PLANNED
        else:
            assert (before.status, told.driver_id) == (Status.PLANNED, who)

    @precondition(lambda self: self.trip.status is not Status.PLANNED)
    @rule(minute=minutes)
    def cancel(self, minute: int) -> None:
        before = self.trip
        try:
            self.trip, told = before.cancel("enough", NOON + timedelta(minutes=minute))
        except TripOver:
            assert before.over
        else:
            assert not before.over
            assert told.reason == "enough"

    @rule(place=st.sampled_from([*PLACES, "elsewhere"]), minute=minutes, how=st.sampled_from(How))
    def arrive(self, place: str, minute: int, how: How) -> None:
        before = self.trip
        at = NOON + timedelta(minutes=minute)
        self.trip, told = before.arrived(place, how, at)
        self.told += told
        reached = [each for each in told if isinstance(each, StopReached)]

        if before.status is not Status.UNDERWAY or (before.started_at and at < before.started_at):
            assert (self.trip, told) == (before, [])
        assert bool(told) == (self.trip != before)
        assert self.trip.arrived(place, how, at) == (self.trip, [])
        assert {each.stop_id for each in reached} == {
            stop.id
            for stop, was in zip(self.trip.stops, before.stops, strict=True)
            if was.pending and not stop.pending
        }

    @invariant()
    def it_has_ended_exactly_when_every_stop_was_reached(self) -> None:
        done = not any(stop.pending for stop in self.trip.stops)
        assert done == (self.trip.status is Status.ENDED)
        assert sum(isinstance(each, TripEnded) for each in self.told) == done

    @invariant()
    def its_times_fit_its_status(self) -> None:
        trip = self.trip
        times = [stop.reached_at for stop in trip.stops if stop.reached_at]
        assert (trip.ended_at is not None) == (trip.status is Status.ENDED)
        assert (trip.cancelled_at is not None) == (trip.status is Status.CANCELLED)
        assert not times or (trip.started_at is not None and min(times) >= trip.started_at)
        assert trip.ended_at is None or trip.ended_at == max(times)
        assert all((stop.how is None) == stop.pending for stop in trip.stops)

    @invariant()
    def every_stop_was_told_once(self) -> None:
        told = [each.stop_id for each in self.told if isinstance(each, StopReached)]
        assert sorted(told) == sorted(stop.id for stop in self.trip.stops if not stop.pending)


TestTrips = Trips.TestCase
