"""From the outbox to a handler: once in effect, in its correlation, and rubbish put aside."""

import json
from datetime import UTC, datetime
from typing import Any

import azure.functions as func
import pytest
from azure.servicebus.aio import ServiceBusClient

from local.process import Process
from shared.contracts.auth import UserChanged
from shared.errors import Stale
from shared.messaging.handling import handles, pause_s
from shared.messaging.relay import relay
from shared.platform import clock
from shared.platform.clients import container
from shared.platform.ids import new_id
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Document, Stored
from shared.telemetry import scope
from tests.support.azure import service_bus_connection
from tests.support.messages import message

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Tally(Document):
    count: int = 0


def tallies() -> CosmosDocuments[Tally]:
    return CosmosDocuments(container("trips"), Tally, clock.now)


def event(tenant: str) -> UserChanged:
    return UserChanged(
        tenant_id=tenant,
        at=NOON,
        user_id="u-1",
        version=1,
        name="Ann",
        email="ann@example.com",
        phone=None,
        roles=["driver"],
        active=True,
    )


@pytest.mark.usefixtures("records")
async def test_a_redelivered_message_has_one_effect(tenant: str) -> None:
    await tallies().save(Stored(Tally(id="one", tenant_id=tenant)), "begin")

    @handles(UserChanged)
    async def count(told: UserChanged) -> None:
        stored = await tallies().get(told.tenant_id, "one")
        counted = stored.document.model_copy(update={"count": stored.document.count + 1})
        await tallies().save(stored.now(counted), "count")

    told = event(tenant)
    for _ in range(3):
        await count(message(told))
    await count(message(event(tenant)))

    assert (await tallies().get(tenant, "one")).document.count == 2
    assert (await tallies().trail(tenant, "one")).intact


@pytest.mark.usefixtures("records")
async def test_a_handler_that_meets_another_writer_reads_again(tenant: str) -> None:
    tried = []

    @handles(UserChanged)
    async def stumble(told: UserChanged) -> None:
        tried.append(told.id)
        if len(tried) < 3:
            raise Stale("changed meanwhile")

    await stumble(message(event(tenant)))
    assert len(tried) == 3


async def test_a_handler_that_fails_raises_so_that_the_message_comes_again(tenant: str) -> None:
    @handles(UserChanged)
    async def always(told: UserChanged) -> None:
        raise Stale("changed meanwhile")

    @handles(UserChanged)
    async def broken(told: UserChanged) -> None:
        raise RuntimeError("no")

    with pytest.raises(Stale):
        await always(message(event(tenant)))
    with pytest.raises(RuntimeError):
        await broken(message(event(tenant)))


@pytest.mark.parametrize(
    ("delivery", "seconds"), [(0, 0), (1, 0), (2, 1), (3, 2), (6, 16), (7, 30), (10, 30)]
)
def test_a_message_that_meets_an_outage_is_held_back_longer_each_time(
    delivery: int, seconds: float
) -> None:
    assert pause_s(delivery) == seconds


async def test_an_outage_is_raised_so_that_the_message_comes_again(tenant: str) -> None:
    @handles(UserChanged)
    async def unlucky(told: UserChanged) -> None:
        raise ConnectionError("refused")

    with pytest.raises(ConnectionError):
        await unlucky(message(event(tenant)))


async def test_an_unreadable_message_is_put_aside_with_its_reason(service_bus: Process) -> None:
    @handles(UserChanged)
    async def never(told: UserChanged) -> None:
        raise AssertionError

    await never(message(b'{"id": 7}', message_id="m-rubbish"))

    (kept,) = await received(service_bus, queue="poison")
    assert kept.message_id == "m-rubbish"
    assert b"".join(kept.body) == b'{"id": 7}'
    assert kept.application_properties[b"PoisonReason"] == b"unreadable"
    assert kept.application_properties[b"PoisonFunction"].endswith(b".never")


async def test_the_relay_publishes_what_waits_in_its_correlation(
    service_bus: Process, tenant: str
) -> None:
    told = [event(tenant) for _ in range(3)]
    with scope.entered(scope.begin("caller-chosen")):
        await tallies().save(Stored(Tally(id=new_id(), tenant_id=tenant)), "tell", *told)
    (function,) = relay("trips")._function_builders
    publish: Any = function._function.get_user_function()
    items = await outbox(tenant)
    await publish(func.DocumentList([func.Document.from_dict(item) for item in items]))
    await publish(func.DocumentList([func.Document.from_dict(item) for item in items]))

    found = await received(service_bus, topic="auth", subscription="trips-on-user-changed")
    ours = [each for each in found if json.loads(str(each))["tenant_id"] == tenant]
    assert sorted(each.message_id for each in ours) == sorted(each.id for each in told)
    assert {each.correlation_id for each in ours} == {"caller-chosen"}
    assert {each.subject for each in ours} == {UserChanged.type}


async def outbox(tenant: str) -> list[dict[str, Any]]:
    sql = "SELECT * FROM c WHERE c.tenant_id = @t"
    parameters: list[dict[str, object]] = [{"name": "@t", "value": tenant}]
    found = container("trips").query_items(sql, parameters=parameters, partition_key=[tenant])
    return [item async for item in found]


async def received(
    bus: Process, *, queue: str = "", topic: str = "", subscription: str = ""
) -> list[Any]:
    from azure.servicebus import NEXT_AVAILABLE_SESSION

    connection = service_bus_connection(bus.ready["url"])
    async with ServiceBusClient.from_connection_string(connection) as client:
        receiver = (
            client.get_queue_receiver(queue)
            if queue
            else client.get_subscription_receiver(
                topic, subscription, session_id=NEXT_AVAILABLE_SESSION
            )
        )
        async with receiver:
            found = await receiver.receive_messages(max_message_count=50, max_wait_time=2)
            for each in found:
                await receiver.complete_message(each)
            return list(found)
