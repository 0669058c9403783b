"""Functions in people's words, and how they fared."""

from typing import Any

import pytest

from local.board.functions.described import function, next_run
from local.board.functions.runs import run, summary
from tests.board.written import BEGAN, at, ended, indexed, request, said


def told(trigger: str, name: str = "trips_plan", **binding: Any) -> dict[str, Any]:
    return {"name": name, "trigger": trigger, "disabled": False, "binding": binding}


@pytest.mark.parametrize(
    ("given", "trigger", "text", "entity"),
    [
        (
            told("httpTrigger", methods=["POST"], route="v1/trips"),
            "http",
            "POST v1/trips",
            "",
        ),
        (told("httpTrigger", methods=None, route=None), "http", "ANY trips_plan", ""),
        (
            told("serviceBusTrigger", topicName="auth", subscriptionName="trips-on-user"),
            "servicebus",
            "topic auth / trips-on-user",
            "auth/Subscriptions/trips-on-user",
        ),
        (
            told("serviceBusTrigger", queueName="trips-send"),
            "servicebus",
            "queue trips-send",
            "trips-send",
        ),
        (told("timerTrigger", schedule="0 */5 * * * *"), "timer", "0 */5 * * * *", ""),
        (told("cosmosDBTrigger", containerName="trips"), "cosmos", "changes of trips", ""),
        (told("blobTrigger"), "blobTrigger", "blobTrigger", ""),
        ({"name": "odd"}, "", "", ""),
    ],
)
def test_what_starts_a_function(
    given: dict[str, Any], trigger: str, text: str, entity: str
) -> None:
    found = function(given)
    assert (found.trigger, found.summary, found.entity) == (trigger, text, entity)
    assert found.capability == str(given["name"]).split("_")[0]


def test_a_queue_holds_jobs_and_a_topic_facts() -> None:
    assert function(told("serviceBusTrigger", queueName="trips-send")).runs_jobs
    assert not function(told("serviceBusTrigger", topicName="a", subscriptionName="b")).runs_jobs
    assert not function(told("httpTrigger")).runs_jobs


def test_when_a_timer_is_due() -> None:
    every_five = function(told("timerTrigger", schedule="0 */5 * * * *"))
    assert next_run(every_five, at(1)) == at(300)
    assert next_run(function(told("timerTrigger", schedule="nonsense")), BEGAN) is None
    assert next_run(function(told("httpTrigger")), BEGAN) is None
    off = function({**told("timerTrigger", schedule="0 */5 * * * *"), "disabled": True})
    assert next_run(off, BEGAN) is None


def test_runs_are_summed_up() -> None:
    index = indexed(
        *request(0, "trips_plan", "i-1", "c-1", status=201),
        ended(1, "trips_plan", "i-2", 30),
        ended(2, "trips_plan", "i-3", 20, level="ERROR", outcome="failed", error="boom", stack="s"),
        ended(2.5, "trips_plan", "i-5", 20),
        ended(3, "trips_list", "i-4", 99),
    )
    found = summary("trips_plan", index)
    assert (found["runs"], found["failures"], found["p50_ms"]) == (4, 1, 20.0)
    assert (found["last"]["error"], found["last"]["failed"]) == (None, False)
    assert "stack" not in found["last"]
    first = run(index.ends_of("trips_plan")[0], index)
    assert (first["status"], first["correlation_id"], first["at"]) == (
        201,
        "c-1",
        "2026-11-20T14:00:00.010Z",
    )
    third = run(index.ends_of("trips_plan")[2], index)
    assert (third["error"], third["stack"], third["failed"]) == ("boom", "s", True)


def test_a_function_that_never_ran() -> None:
    assert summary("trips_plan", indexed()) == {
        "runs": 0,
        "failures": 0,
        "p50_ms": None,
        "last": None,
    }


@pytest.mark.parametrize("event", ["http.failed", "http.dependency_down", "message.put_aside"])
def test_a_request_answered_with_500_or_503_has_failed_though_the_host_thinks_well_of_it(
    event: str,
) -> None:
    level = "ERROR" if event == "http.failed" else "WARNING"
    why = {"error": "Boom", "reason": "it broke", "stack": "Traceback ..."}
    failing = said(0, event, "i-1", "c-1", level=level, **why)
    index = indexed(failing, *request(0, "trips_plan", "i-1", "c-1", status=500))
    assert summary("trips_plan", index)["failures"] == 1
    assert index.failed_runs == 1
    found = run(index.ends_of("trips_plan")[0], index)
    assert (found["outcome"], found["failed"], found["status"]) == ("succeeded", True, 500)
    assert (found["error"], found["stack"]) == (f"{event}: Boom: it broke", "Traceback ...")


def test_a_duration_that_is_no_number_is_left_out() -> None:
    odd = ended(1, "trips_plan", "i-2", 5).replace(b'"duration_ms": 5', b'"duration_ms": "long"')
    index = indexed(ended(0, "trips_plan", "i-1", 5), odd)
    assert len(index.ends_of("trips_plan")) == 2
    assert summary("trips_plan", index)["p50_ms"] == 5.0
