"""Every function without a route once through the engine: rubbish, the hour, an outbox."""

import json
from typing import Any

import pytest

from shared.contracts.documents import VersionAdded
from shared.platform.clock import now
from shared.platform.ids import new_id
from shared.records.batch import outbox_item
from shared.telemetry import scope
from tests.engine.conftest import Receive
from tests.support.engine import EngineApp, Message

POISON = "poison"
RUBBISH = [b"", b"\x80\x81 no text", b"[1, 2", b"{}", b'{"tenant_id": 5}', b"\xef\xbb\xbfnull"]


def triggered_by(app: EngineApp, kind: str) -> list[str]:
    names = [
        name
        for name, function in app.functions.items()
        if any(binding["type"] == kind for binding in function.bindings)
    ]
    assert names
    return names


@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
async def test_what_cannot_be_read_is_put_aside(
    app: EngineApp, received: Receive, rubbish: bytes
) -> None:
    """Failing would only repeat it ten times."""
    sent = {
        new_id(): Message(rubbish, subject=f"for {name}", correlation_id="the-cause")
        for name in triggered_by(app, "serviceBusTrigger")
    }
    for (message_id, message), name in zip(
        sent.items(), triggered_by(app, "serviceBusTrigger"), strict=True
    ):
        outcome = await app.message(
            name,
            Message(
                message.body,
                subject=message.subject,
                message_id=message_id,
                correlation_id=message.correlation_id,
            ),
        )
        assert outcome.ok, (name, outcome.error)
    aside = await received(POISON, set(sent))
    for message_id, copy in aside.items():
        assert b"".join(copy.body) == rubbish
        assert copy.subject == sent[message_id].subject
        assert copy.correlation_id == "the-cause"
        properties = copy.application_properties or {}
        assert properties[b"PoisonReason"] == b"unreadable"
        assert properties[b"PoisonDescription"]


@pytest.mark.parametrize("past_due", [False, True])
async def test_every_timer_runs(app: EngineApp, past_due: bool) -> None:
    for name in triggered_by(app, "timerTrigger"):
        outcome = await app.timer(name, past_due=past_due)
        assert outcome.ok, (name, outcome.error, outcome.stack)


def told(tenant: str) -> VersionAdded:
    return VersionAdded(
        tenant_id=tenant,
        at=now(),
        document_id="d",
        version=1,
        name="grüße.pdf",
        media_type="application/pdf",
        size_bytes=3,
        sha256="0" * 64,
        added_by="u",
    )


async def test_every_relay_sends_what_waits_and_nothing_else(
    app: EngineApp, received: Receive, tenant: str
) -> None:
    begun, waiting = scope.begin("the-cause"), dict[str, Any]()
    kept = {"id": "d", "tenant_id": tenant, "kind": "Document", "destination": "nowhere"}
    for name in triggered_by(app, "cosmosDBTrigger"):
        to_queue: dict[str, Any] = outbox_item(told(tenant), "s-1", begun) | {"destination": POISON}
        to_topic = outbox_item(told(tenant), "s-1", begun)
        items = [{**each, "kind": "outbox"} for each in (to_queue, to_topic)]
        outcome = await app.documents(name, [kept, *items])
        assert outcome.ok, (name, outcome.error, outcome.stack)
        waiting[to_queue["message_id"]] = to_queue
    for message_id, message in (await received(POISON, set(waiting))).items():
        assert json.loads(b"".join(message.body)) == waiting[message_id]["body"]
        assert (message.subject, message.correlation_id) == (VersionAdded.type, "the-cause")
        assert message.session_id == "s-1"
        properties = message.application_properties or {}
        assert properties[b"traceparent"] == begun.traceparent.encode()


async def test_a_relay_that_cannot_send_fails_so_that_it_is_repeated(
    app: EngineApp, tenant: str
) -> None:
    item = outbox_item(told(tenant), "s-1", scope.begin()) | {"destination": "no-such-topic"}
    outcome = await app.documents("documents_publish_events", [{**item, "kind": "outbox"}])
    assert not outcome.ok


async def test_a_relay_sends_more_than_one_batch_holds(
    app: EngineApp, received: Receive, tenant: str
) -> None:
    """A batch ends at the broker's size limit, long before a hundred big events do."""
    items: list[dict[str, Any]] = [
        {**outbox_item(told(tenant), "s-1", scope.begin()), "kind": "outbox", "destination": POISON}
        for _ in range(30)
    ]
    for item in items:
        item["body"] = {**item["body"], "name": "x" * 60_000}
    outcome = await app.documents("documents_publish_events", items)
    assert outcome.ok, outcome.error
    assert await received(POISON, {item["message_id"] for item in items})
