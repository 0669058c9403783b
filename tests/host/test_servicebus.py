"""Service Bus triggers against the real broker: receive, run, settle, redeliver, dead-letter."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.amqp import AmqpAnnotatedMessage

from tests.host import broker as brokers
from tests.host.broker import Broker
from tests.host.starting import Served, eventually, serve

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    started = brokers.start(tmp_path_factory.mktemp("broker"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def bus(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = {"SERVICE_BUS": broker.connection, "PLAIN_QUEUE": "plain"}
    served = serve("bus", tmp_path_factory.mktemp("bus"), settings)
    yield served
    served.client.close()
    served.process.stop()


def seen(bus: Served, function: str, body: str, count: int = 1) -> list[dict[str, Any]]:
    """What the function saw of a body, once it saw it `count` times."""

    def enough() -> list[dict[str, Any]]:
        found = [each for each in bus.seen(function) if each["body"] == body]
        return found if len(found) >= count else []

    return eventually(enough)


def test_a_message_arrives_with_its_metadata(bus: Served, broker: Broker) -> None:
    properties: dict[str | bytes, Any] = {"tenant": "acme", "tries": 3, "traceparent": TRACE}
    broker.send(
        ServiceBusMessage(
            "hello",
            message_id="m-1",
            correlation_id="c-1",
            subject="greeting.v1",
            content_type="application/json",
            application_properties=properties,
        ),
        queue="plain",
    )
    (found,) = seen(bus, "plain", "hello")
    assert found["message_id"] == "m-1"
    assert found["correlation_id"] == "c-1"
    assert found["subject"] == "greeting.v1"
    assert found["content_type"] == "application/json"
    assert found["delivery_count"] == 1
    assert found["session_id"] is None
    assert found["sequence_number"] >= 1
    assert found["enqueued"].startswith("20")
    assert len(found["lock_token"]) == 36
    assert found["properties"] == found["user_properties"] == properties
    assert found["trace_parent"] == TRACE
    eventually(lambda: not broker.active("plain"))
    begun = next(line for line in bus.lines() if line.get("function") == "plain")
    expected = f"Executing 'Functions.plain' (Reason='(null)', Id={begun['invocation_id']})"
    assert begun["message"] == expected


def test_a_subscription_receives_what_the_topic_gets(bus: Served, broker: Broker) -> None:
    broker.send(ServiceBusMessage("news"), topic="news")
    assert seen(bus, "from_topic", "news")


def test_a_failure_is_delivered_again_and_then_forgotten(bus: Served, broker: Broker) -> None:
    broker.send(ServiceBusMessage("fail once"), queue="plain")
    counts = [each["delivery_count"] for each in seen(bus, "plain", "fail once", 2)]
    assert counts == [1, 2]
    eventually(lambda: not broker.active("plain"))
    assert not broker.dead("plain")


def test_a_message_that_always_fails_is_dead_lettered(bus: Served, broker: Broker) -> None:
    broker.send(ServiceBusMessage("fail", message_id="poison"), queue="plain")
    dead = eventually(lambda: broker.dead("plain"))
    assert [each.message_id for each in dead] == ["poison"]
    assert len(seen(bus, "plain", "fail", 3)) == 3


def test_messages_run_at_once_up_to_the_limit(bus: Served, broker: Broker) -> None:
    broker.send(*(ServiceBusMessage("sleep 1.5") for _ in range(12)), queue="plain")
    seen(bus, "plain", "sleep 1.5", 12)
    eventually(lambda: not broker.active("plain"))
    assert bus.get("/api/seen").json()["state"]["most"] == 4


def test_a_lock_is_kept_while_the_function_works(bus: Served, broker: Broker) -> None:
    body = "sleep 7.5"  # the lock of this queue lasts 5 s
    broker.send(ServiceBusMessage(body), queue="plain")
    seen(bus, "plain", body)
    eventually(lambda: not broker.active("plain"))
    assert len(seen(bus, "plain", body)) == 1


def test_a_batch_arrives_as_a_list(bus: Served, broker: Broker) -> None:
    sent = [ServiceBusMessage(f"b{n}", application_properties={"n": n}) for n in range(5)]
    broker.send(*sent, queue="batched")

    def all_of_them() -> list[dict[str, Any]]:
        found = [each for each in bus.seen() if each["function"].startswith("batched")]
        return found if len(found) == 5 else []

    found = eventually(all_of_them)
    assert [each["body"] for each in found] == ["b0", "b1", "b2", "b3", "b4"]
    assert [each["properties"] for each in found] == [{"n": n} for n in range(5)]
    assert {each["function"] for each in found} != {"batched 1"}
    eventually(lambda: not broker.active("batched"))


def test_text_functions_receive_the_bare_body(bus: Served, broker: Broker) -> None:
    broker.send(ServiceBusMessage("grüß dich"), queue="texts")
    assert seen(bus, "texts", "grüß dich")[0]["type"] == "str"


def test_bytes_that_are_no_text_arrive_unharmed(bus: Served, broker: Broker) -> None:
    broker.send(ServiceBusMessage(b"\xff\x00\xfe"), queue="plain")
    assert seen(bus, "plain", "\xff\x00\xfe")


def test_amqp_values_arrive_as_text(bus: Served, broker: Broker) -> None:
    broker.send_raw(AmqpAnnotatedMessage(value_body="a value"), queue="plain")
    broker.send_raw(AmqpAnnotatedMessage(value_body={"a": 1}), queue="plain")
    broker.send_raw(AmqpAnnotatedMessage(data_body=[b"two ", b"pieces"]), queue="plain")
    broker.send_raw(AmqpAnnotatedMessage(data_body=b""), queue="plain")
    for body in ("a value", '{"a": 1}', "two pieces", ""):
        assert seen(bus, "plain", body)


def test_without_automatic_completion_the_message_comes_again(bus: Served, broker: Broker) -> None:
    broker.send(ServiceBusMessage("mine"), queue="kept")
    assert len(seen(bus, "kept", "mine", 2)) >= 2


def test_sessions_are_served_in_order_and_several_at_once(bus: Served, broker: Broker) -> None:
    sessions = [f"s{n}" for n in range(5)]  # more than maxConcurrentSessions
    sent = [
        ServiceBusMessage(f"{session}-{n}{' fail once' if n == 2 else ''}", session_id=session)
        for n in range(4)
        for session in sessions
    ]
    began = time.monotonic()
    broker.send(*sent, queue="ordered")

    def everything() -> list[dict[str, Any]]:
        found = bus.seen("ordered")
        return found if len(found) == len(sent) + len(sessions) else []

    found = eventually(everything)
    assert time.monotonic() - began < 15
    for session in sessions:
        bodies = [each["body"] for each in found if each["session_id"] == session]
        again = f"{session}-2 fail once"
        assert bodies == [f"{session}-0", f"{session}-1", again, again, f"{session}-3"]
    assert bus.get("/api/seen").json()["state"]["most_sessions"] == 2
