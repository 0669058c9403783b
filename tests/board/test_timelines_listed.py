"""The timelines of late."""

from local.board.timelines.listing import listed
from tests.board.happened import FUNCTIONS, handled
from tests.board.written import ended, indexed, request, said


def test_newest_first_with_what_they_are_about() -> None:
    index = indexed(
        *request(0, "trips_plan", "i-0", "c-0", status=422),
        *request(1, "trips_plan", "i-1", "c-1", status=201),
        *handled(2, "notifications_send", "i-2", "m", "notifications.send.v1"),
    )
    first, second = listed(index, FUNCTIONS, 50)
    assert first == {
        "correlation_id": "c-1",
        "began_at": "2026-11-20T14:00:01.000Z",
        "duration_ms": 1100.0,
        "title": "POST v1/trips",
        "kind": "request",
        "status": 201,
        "entries": 2,
        "failed": False,
    }
    assert (second["correlation_id"], second["status"]) == ("c-0", 422)
    assert [each["correlation_id"] for each in listed(index, FUNCTIONS, 1)] == ["c-1"]


def test_a_change_feed_that_only_relayed_is_left_out_and_one_that_failed_is_not() -> None:
    index = indexed(
        said(0, "outbox.published", "i-1", "c-1", count=1),
        ended(0, "trips_publish_events", "i-1", 5, trigger="cosmosDBTrigger"),
        said(1, "broker.away", "i-2", "c-2", level="WARNING"),
        ended(1, "trips_publish_events", "i-2", 5, trigger="cosmosDBTrigger", level="ERROR"),
    )
    assert [(each["correlation_id"], each["failed"]) for each in listed(index, {}, 50)] == [
        ("c-2", True)
    ]


def test_found_by_id_route_function_or_any_word_of_their_lines() -> None:
    index = indexed(
        said(0, "trips.planned", "i-1", "c-one", driver="Milan Horvat"),
        *request(0, "trips_plan", "i-1", "c-one"),
        *request(1, "trips_list", "i-2", "c-two"),
    )
    for text in ("C-ONE", "v1/trips", "trips_plan", "milan h"):
        assert [each["correlation_id"] for each in listed(index, FUNCTIONS, 50, text)] == ["c-one"]
    assert listed(index, FUNCTIONS, 50, "nobody") == []


def test_nothing_yet() -> None:
    assert listed(indexed(), {}, 50) == []
