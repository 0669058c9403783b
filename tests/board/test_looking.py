"""The board before a local Azure that really runs: what it shows, and what it lets people do."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import uuid4

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceiveMode
from azure.servicebus.aio import ServiceBusClient

from tests.board.asking import Board
from tests.board.conftest import Lived

POISON = "poison"


async def planning(board: Board) -> str:
    """The correlation id of the request that planned the trip."""
    runs = (await board.get("/api/functions/trips_plan/runs"))["items"]
    return next(str(run["correlation_id"]) for run in runs if run["status"] == 201)


async def test_the_overview(board: Board) -> None:
    found = await board.get("/api/overview")
    assert {part["state"] for part in found["parts"]} == {"running"}
    assert [part["name"] for part in found["parts"]][:3] == ["host", "cosmos", "servicebus"]
    counts = found["counts"]
    assert counts["functions"] > 100
    assert counts["blobs"] >= 1
    assert counts["dead_letters"] >= 0


async def test_functions_and_their_runs(board: Board) -> None:
    items = {each["name"]: each for each in (await board.get("/api/functions"))["items"]}
    plan = items["trips_plan"]
    assert (plan["capability"], plan["trigger"], plan["summary"]) == (
        "trips",
        "http",
        "POST v1/trips",
    )
    assert plan["runs"] >= 1
    assert plan["p50_ms"] > 0
    assert plan["last"]["correlation_id"]
    timer = items["notifications_every_5_minutes_reconcile"]
    assert timer["summary"] == "0 */5 * * * *"
    assert timer["next_at"].endswith(":00.000Z")
    send = items["notifications_send"]
    assert (send["entity"], send["state"]) == ("notifications-send", "listening")


async def test_a_timer_is_run_by_hand(board: Board) -> None:
    name = "notifications_every_5_minutes_reconcile"

    async def runs() -> list[Any]:
        found: list[Any] = (await board.get(f"/api/functions/{name}/runs?limit=500"))["items"]
        return found

    before = len(await runs())
    await board.post(f"/api/functions/{name}/run", {"input": ""}, status=202)
    await board.until(lambda: _more(runs, before))


async def _more(runs: Any, before: int) -> bool:
    return len(await runs()) > before


@pytest.mark.parametrize(
    ("name", "status"), [("trips_plan", 400), ("nobody", 404), ("..%2f..%2fx", 404)]
)
async def test_what_cannot_be_run_by_hand(board: Board, name: str, status: int) -> None:
    assert (await board.post(f"/api/functions/{name}/run", {}, status))["error"]


@pytest.fixture
async def bus(lived: Lived) -> AsyncGenerator[ServiceBusClient]:
    connection = lived.surroundings.settings["SERVICE_BUS"]
    async with ServiceBusClient.from_connection_string(connection) as client:
        yield client


async def dead(bus: ServiceBusClient, correlation_id: str, body: bytes = b"{}") -> None:
    """One more dead letter in the queue that nobody listens to."""
    async with bus.get_queue_sender(POISON) as sender:
        message = ServiceBusMessage(body, correlation_id=correlation_id, subject="x.broken.v1")
        await sender.send_messages(message)
    async with bus.get_queue_receiver(
        POISON, receive_mode=ServiceBusReceiveMode.PEEK_LOCK, max_wait_time=5
    ) as receiver:
        async for received in receiver:
            await receiver.dead_letter_message(received, reason="Unfit", error_description="why")
            break


async def test_a_dead_letter_is_looked_at_resubmitted_and_purged(
    board: Board, bus: ServiceBusClient
) -> None:
    correlation_id = str(uuid4())
    await dead(bus, correlation_id, b'{"who": "M\xc3\xbcller"}')
    [message] = (await board.get(f"/api/messages-in?entity={POISON}&dead=1"))["messages"]
    assert (message["reason"], message["description"]) == ("Unfit", "why")
    assert message["body"] == '{"who": "Müller"}'
    assert message["enqueued_at"].endswith("Z")
    assert not [name for name in message if name.endswith("_ms")]
    timeline = await board.get(f"/api/timelines/{correlation_id}")
    assert [(each["kind"], each["title"]) for each in timeline["entries"]] == [
        ("dead-letter", "x.broken.v1")
    ]
    number = message["sequence_number"]
    order = {"entity": POISON, "sequence_numbers": [number]}
    assert await board.post("/api/resubmit", order) == {"resubmitted": 1}
    entities = (await board.get("/api/entities"))["entities"]
    poison = next(each for each in entities if each["name"] == POISON)
    assert (poison["active"], poison["dead_letters"]) == (1, 0)
    everything = {"entity": POISON, "dead": False, "sequence_numbers": None}
    assert await board.post("/api/purge", everything) == {"purged": 1}
    assert (await board.get(f"/api/messages-in?entity={POISON}"))["messages"] == []


async def test_an_entity_that_there_is_not(board: Board) -> None:
    assert "error" in await board.get("/api/messages-in?entity=nowhere", status=404)
    order = {"entity": "nowhere", "sequence_numbers": None}
    assert "error" in await board.post("/api/resubmit", order, status=404)


async def test_sent_mail_is_tied_to_what_it_was_sent_for(board: Board) -> None:
    correlation_id = await planning(board)

    async def tied() -> list[Any]:
        items: list[Any] = (await board.get("/api/sent?channel=email"))["items"]
        return [each for each in items if each["correlation_id"] == correlation_id]

    [mail] = await board.until(tied)
    assert mail["to"] == ["Milan Horvat <milan@example.com>"]
    assert "/messages/" in mail["url"]
    assert (await board.get("/api/sent?channel=sms"))["items"] == []
    assert (await board.get("/api/sent?channel=letter", status=400))["error"]


async def test_one_timeline_from_the_request_to_the_mail(board: Board) -> None:
    correlation_id = await planning(board)

    async def whole() -> Any:
        found = await board.get(f"/api/timelines/{correlation_id}")
        kinds = [each["kind"] for each in found["entries"]]
        done = kinds.count("job") == 2 and "sent" in kinds and "running" not in str(found)
        return found if done else None

    found = await board.until(whole)
    chain = [
        (each["depth"], each["kind"], each["function"])
        for each in found["entries"]
        if each["kind"] not in {"audit", "log"}
    ]
    assert chain[:6] == [
        (0, "request", "trips_plan"),
        (1, "event", None),
        (2, "event", "notifications_on_trip_assigned"),
        (3, "job", None),
        (4, "job", "notifications_send"),
        (5, "sent", None),
    ]
    assert "plan trip" in [each["title"] for each in found["entries"] if each["kind"] == "audit"]
    assert found["missing"] == []
    assert not found["failed"]
    listed = (await board.get("/api/timelines?text=v1/trips"))["items"]
    assert correlation_id in [each["correlation_id"] for each in listed]
    assert all("v1/trips" in each["title"] for each in listed)


async def test_search_finds_all_kinds_of_things(board: Board) -> None:
    items = (await board.get("/api/search?q=documents"))["items"]
    assert {"function", "container", "blobs", "topic", "timeline"} <= {
        each["kind"] for each in items
    }
    correlation_id = await planning(board)
    [found] = (await board.get(f"/api/search?q={correlation_id}"))["items"]
    assert found["link"] == f"#/timelines/{correlation_id}"
    assert (await board.get("/api/search?q=%3Cscript%3E"))["items"] == []
    assert (await board.get("/api/search"))["items"]
