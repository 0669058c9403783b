"""One chain of causes: from a request over outbox, relay and broker to the handler's own record."""

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.servicebus import ServiceBusReceivedMessage

from local.host.servicebus import metadata
from shared.contracts.auth import UserChanged
from shared.identity.caller import Caller
from shared.platform.clients import container
from tests.engine.conftest import Receive
from tests.support.engine import EngineApp, Message
from tests.support.http import signed_in, somebody

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"
OUTBOX = "SELECT * FROM c WHERE c.tenant_id = @tenant AND c.kind = 'outbox' AND c.type = @type"
KNOWN = {"type": "circle", "center": [9.99, 53.55], "radius_m": 100}


async def outbox(capability: str, tenant: str, kind: str) -> dict[str, Any]:
    found = container(capability).query_items(
        OUTBOX,
        parameters=[{"name": "@tenant", "value": tenant}, {"name": "@type", "value": kind}],
        partition_key=[tenant],
    )
    (item,) = [item async for item in found]
    return item


def as_delivered(message: ServiceBusReceivedMessage) -> Message:
    return Message(
        metadata.body(message),
        subject=message.subject,
        session_id=message.session_id,
        message_id=message.message_id,
        correlation_id=message.correlation_id,
        properties=metadata.application_properties(message),
    )


async def asked(app: EngineApp, function: str, caller: Caller, body: object, **headers: str) -> Any:
    with signed_in(caller):
        answer = await app.http(
            function,
            "POST",
            headers={"authorization": "Bearer test", "content-type": "application/json", **headers},
            body=json.dumps(body).encode(),
        )
    assert answer.status == 201, answer.body
    return answer, json.loads(answer.body)


def lines(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, Any]]:
    written = [r.getMessage() for r in caplog.records if r.name == "collab"]
    return [line for line in map(json.loads, written) if line["event"] == event]


async def planned(app: EngineApp, caller: Caller, **headers: str) -> Any:
    """A trip for a driver whom trips know, to a geofence that they know."""
    _, fence = await asked(
        app, "geofencing_create_geofence", caller, {"name": "Yard", "shape": KNOWN}
    )
    changed = await outbox("geofencing", caller.tenant_id, "geofencing.geofence-changed.v1")
    user = UserChanged(
        tenant_id=caller.tenant_id,
        at=datetime.now(UTC) - timedelta(minutes=1),
        user_id="u-driver",
        version=1,
        name="Dina Driver",
        email="dina@example.com",
        phone=None,
        roles=["driver"],
        active=True,
    )
    for function, body in (
        ("trips_on_geofence_changed", json.dumps(changed["body"])),
        ("trips_on_user_changed", user.model_dump_json()),
        ("notifications_on_user_changed", user.model_dump_json()),
    ):
        outcome = await app.message(function, Message(body))
        assert outcome.ok, outcome.error
    wish = {
        "title": "Round",
        "driver_id": "u-driver",
        "stops": [{"name": "Yard", "geofence_id": fence["id"]}],
    }
    return await asked(app, "trips_plan", caller, wish, **headers)


@pytest.mark.parametrize("given", ["quoted-on-the-phone", None], ids=["given", "of the trace"])
async def test_the_cause_is_carried_to_the_end(
    app: EngineApp,
    received: Receive,
    tenant: str,
    caplog: pytest.LogCaptureFixture,
    given: str | None,
) -> None:
    correlation_id = given or TRACE_ID
    headers = {"traceparent": TRACEPARENT, **({"x-correlation-id": given} if given else {})}
    answer, trip = await planned(app, somebody(tenant), **headers)
    assert answer.headers["x-correlation-id"] == correlation_id

    item = await outbox("trips", tenant, "trips.trip-assigned.v1")
    assert item["correlation_id"] == correlation_id
    assert item["traceparent"].split("-")[1] == TRACE_ID
    assert item["traceparent"] != TRACEPARENT
    relayed = await app.documents("trips_publish_events", [item])
    assert relayed.ok, relayed.error

    place = "trips/notifications-on-trip-assigned"
    (message,) = (await received(place, {item["message_id"]})).values()
    assert message.correlation_id == correlation_id
    caplog.clear()
    with caplog.at_level(logging.INFO, "collab"):
        handled = await app.message("notifications_on_trip_assigned", as_delivered(message))
    assert handled.ok, handled.error
    (line,) = lines(caplog, "message.handled")
    assert (line["correlation_id"], line["trace_id"]) == (correlation_id, TRACE_ID)
    assert line["actor"] == "user:u-1"

    with signed_in(somebody(tenant)):
        trail = await app.http(
            "trips_read_audit", route={"trip_id": trip["id"]}, headers={"authorization": "Bearer t"}
        )
    (entry,) = json.loads(trail.body)["entries"]
    assert (entry["correlation_id"], entry["actor"]["id"]) == (correlation_id, "u-1")


async def test_a_handlers_own_audit_entry_names_the_first_cause(
    app: EngineApp, tenant: str
) -> None:
    """A stop reached by geofence: told by a message, written into the trip's trail."""
    _, trip = await planned(app, somebody(tenant))
    driver = somebody(tenant, user_id="u-driver")
    with signed_in(driver):
        started = await app.http(
            "trips_start",
            "POST",
            route={"trip_id": trip["id"]},
            headers={"authorization": "Bearer t", "content-type": "application/json"},
            body=b"{}",
        )
    assert started.status == 200, started.body
    entered = {
        "id": "e-1",
        "tenant_id": tenant,
        "at": datetime.now(UTC).isoformat(),
        "driver_id": "u-driver",
        "geofence_id": trip["stops"][0]["geofence_id"],
        "longitude": 9.99,
        "latitude": 53.55,
    }
    message = Message(
        json.dumps(entered),
        message_id="e-1",
        correlation_id="the-phones-request",
        properties={"traceparent": TRACEPARENT, "actor": "user:u-driver"},
    )
    for _ in range(2):  # a redelivery has no second effect
        outcome = await app.message("trips_on_geofence_entered", message)
        assert outcome.ok, outcome.error
    with signed_in(somebody(tenant)):
        answer = await app.http(
            "trips_read_audit", route={"trip_id": trip["id"]}, headers={"authorization": "Bearer t"}
        )
    trail = json.loads(answer.body)
    ours = [e for e in trail["entries"] if e["correlation_id"] == "the-phones-request"]
    assert trail["intact"]
    assert len(ours) == 1
    assert ours[0]["actor"] == {"kind": "user", "id": "u-driver"}
