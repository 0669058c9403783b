"""What one cause led to: put together from the log, documents and messages, each in its place."""

from typing import Any

import pytest

from local.board.functions.described import Function
from local.board.log.index import LogIndex
from local.board.timelines import records
from local.board.timelines.assembly import Found, timeline
from local.board.timelines.runs import lines_of, runs_of
from tests.board.happened import FUNCTIONS, audit, handled, outbox, uuid7
from tests.board.written import at, ended, indexed, request, said, started


def found_in(index: LogIndex, *items: tuple[str, dict[str, Any]], **more: Any) -> Found:
    found = Found(runs=runs_of(lines_of("c-1", index)), **more)
    for container, item in items:
        made = records.audited(container, item) or records.told(container, item)
        assert made is not None
        (found.audits if made.kind == "audit" else found.told).append(made)
    return found


def tree(found: Found, functions: dict[str, Function] = FUNCTIONS) -> list[tuple[int, str, str]]:
    whole = timeline("c-1", found, functions)
    assert whole is not None
    return [(each["depth"], each["kind"], each["title"]) for each in whole["entries"]]


def test_from_a_request_to_the_mail_that_it_led_to() -> None:
    assigned, send = uuid7(0.005), uuid7(1.05)
    index = indexed(
        *request(0, "trips_plan", "i-1", "c-1", status=201),
        *handled(1, "notifications_on_trip_assigned", "i-2", assigned, "trips.assigned.v1"),
        *handled(2, "notifications_send", "i-3", send, "notifications.send.v1"),
    )
    found = found_in(
        index,
        ("trips", audit("trips", 0.005, "plan trip")),
        ("trips", outbox(assigned, "trips.assigned.v1", "trips")),
        ("notifications", audit("notifications", 1.05, "queue message")),
        ("notifications", outbox(send, "notifications.send.v1", "notifications-send", 1)),
        ("notifications", audit("notifications", 2.09, "end message", provider_id=[None, "p-1"])),
    )
    tied = records.ids_of_sent(found.audits)
    mail = {"id": "p-1", "at": at(2.05).isoformat(), "subject": "New trip", "channel": "sms"}
    found.sent = [(records.sent(mail, "http://recorder/messages/p-1"), tied["p-1"])]
    assert tree(found) == [
        (0, "request", "POST v1/trips"),
        (1, "audit", "plan trip"),
        (1, "event", "trips.assigned.v1"),
        (2, "event", "trips.assigned.v1"),
        (3, "audit", "queue message"),
        (3, "job", "notifications.send.v1"),
        (4, "job", "notifications.send.v1"),
        (5, "sent", "New trip"),
        (5, "audit", "end message"),
    ]
    whole = timeline("c-1", found, FUNCTIONS)
    assert whole is not None
    assert (whole["duration_ms"], whole["failed"], whole["missing"]) == (2100.0, False, [])
    assert whole["began_at"] == "2026-11-20T14:00:00.000Z"
    assert whole["entries"][0]["status"] == 201
    assert whole["entries"][3]["function"] == "notifications_on_trip_assigned"


def test_each_attempt_is_shown_and_the_dead_letter_beside_them() -> None:
    message_id = uuid7(0.005)
    attempts: list[bytes] = []
    for number in (1, 2):
        run = f"i-{number + 1}"
        failed = {"level": "ERROR", "outcome": "failed", "trigger": "serviceBusTrigger"}
        attempts += [
            said(
                number,
                "message.failed",
                run,
                "c-1",
                level="ERROR",
                message_id=message_id,
                type="trips.assigned.v1",
                delivery=number,
                stack="Traceback ...",
            ),
            ended(number, "notifications_on_trip_assigned", run, 50, error="boom", **failed),
        ]
    index = indexed(*request(0, "trips_plan", "i-1", "c-1"), *attempts)
    dead = {
        "entity": "trips/Subscriptions/notifications",
        "sequence_number": 7,
        "message_id": message_id,
        "subject": "trips.assigned.v1",
        "reason": "MaxDeliveryCountExceeded",
        "enqueued_at": at(0.5).isoformat(),
    }
    found = found_in(index, ("trips", outbox(message_id, "trips.assigned.v1", "trips")))
    found.held = [records.held(dead, dead=True)]
    assert tree(found) == [
        (0, "request", "POST v1/trips"),
        (1, "event", "trips.assigned.v1"),
        (2, "event", "trips.assigned.v1"),
        (2, "event", "trips.assigned.v1"),
        (2, "dead-letter", "trips.assigned.v1"),
    ]
    whole = timeline("c-1", found, FUNCTIONS)
    assert whole is not None
    assert whole["failed"]
    last, dead_letter = whole["entries"][-2:]
    assert dead_letter["at"] == "2026-11-20T14:00:02.000Z"
    assert dead_letter["detail"]["enqueued_at"].startswith("2026-11-20T14:00:00.5")
    assert (last["outcome"], last["detail"]["error"], last["detail"]["delivery"]) == (
        "failed",
        "boom",
        2,
    )
    assert last["detail"]["stack"] == "Traceback ..."


def test_a_message_put_aside_counts_as_dead_and_one_that_waits_does_not() -> None:
    aside = records.held({"entity": "poison", "sequence_number": 1}, dead=False)
    waits = records.held({"entity": "notifications-send", "state": "active"}, dead=False)
    assert (aside.kind, aside.failed, waits.kind, waits.failed) == (
        "dead-letter",
        True,
        "waiting",
        False,
    )


def test_without_documents_everything_hangs_on_the_request() -> None:
    index = indexed(
        *request(0, "trips_plan", "i-1", "c-1"),
        *handled(1, "notifications_on_trip_assigned", "i-2", "m", "trips.assigned.v1"),
    )
    found = found_in(index, missing={"cosmos"})
    assert tree(found) == [(0, "request", "POST v1/trips"), (1, "event", "trips.assigned.v1")]
    whole = timeline("c-1", found, {})
    assert whole is not None
    assert whole["missing"] == ["cosmos"]


def test_without_a_log_documents_alone_make_a_timeline() -> None:
    found = found_in(
        indexed(),
        ("trips", audit("trips", 1, "plan trip")),
        ("trips", outbox(uuid7(1), "trips.assigned.v1", "trips", 1)),
    )
    assert tree(found) == [(0, "audit", "plan trip"), (0, "event", "trips.assigned.v1")]


def test_nothing_known_is_no_timeline() -> None:
    assert timeline("c-1", Found(), {}) is None


def test_a_crash_that_wrote_nothing_of_its_own_is_found_by_its_trace() -> None:
    index = indexed(
        *request(0, "trips_plan", "i-1", "c-1"),
        ended(
            1,
            "notifications_on_trip_assigned",
            "i-2",
            5,
            level="ERROR",
            outcome="failed",
            trigger="serviceBusTrigger",
        ),
        *request(2, "trips_list", "i-3", "c-other"),
    )
    assert tree(found_in(index)) == [
        (0, "request", "POST v1/trips"),
        (1, "event", "notifications_on_trip_assigned"),
    ]


def test_a_run_that_has_not_ended_is_shown_as_running() -> None:
    index = indexed(
        started(0, "trips_plan", "i-1", trigger="httpTrigger"),
        said(1, "trips.planned", "i-1", "c-1", stops=2),
    )
    whole = timeline("c-1", found_in(index), FUNCTIONS)
    assert whole is not None
    assert [(each["kind"], each["outcome"]) for each in whole["entries"]] == [
        ("request", "running"),
        ("log", "info"),
    ]
    assert whole["entries"][1]["detail"]["stops"] == 2


def test_what_was_told_goes_under_the_run_of_its_own_capability() -> None:
    """Two capabilities at work at the same time, on behalf of one request."""
    index = indexed(
        *handled(1, "trips_on_user_changed", "i-1", "m-1", "auth.user-changed.v1"),
        *handled(1, "geofencing_on_user_changed", "i-2", "m-1", "auth.user-changed.v1"),
    )
    found = found_in(
        index,
        ("geofencing", audit("geofencing", 1.05, "know user")),
        ("trips", audit("trips", 1.05, "know user")),
    )
    timeline("c-1", found, {})
    assert [each.parent for each in found.audits] == ["i-2", "i-1"]


@pytest.mark.parametrize("message_id", ["58240bb7-b5ce-5acf-a67b-30f671458e23", "m", uuid7(-3600)])
def test_an_id_that_tells_no_time_is_placed_within_its_run(message_id: str) -> None:
    index = indexed(*request(0.5, "trips_plan", "i-1", "c-1"))
    found = found_in(index, ("trips", outbox(message_id, "trips.assigned.v1", "trips", 0)))
    timeline("c-1", found, FUNCTIONS)
    assert (found.told[0].at, found.told[0].parent) == (at(0.5), "i-1")


def test_records_of_another_shape_are_no_entries() -> None:
    assert records.audited("trips", {"kind": "audit", "entry": "text"}) is None
    assert records.audited("trips", {"kind": "audit", "entry": {"at": "yesterday"}}) is None
    assert records.told("trips", {"kind": "outbox"}) is None
