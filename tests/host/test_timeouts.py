"""Functions that take too long are given up, and so are answers; everything else goes on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from azure.servicebus import ServiceBusMessage

from tests.host import broker as brokers
from tests.host.broker import Broker
from tests.host.starting import Served, eventually, serve


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    started = brokers.start(tmp_path_factory.mktemp("broker"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def slow(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = {"SERVICE_BUS": broker.connection}
    served = serve("slow", tmp_path_factory.mktemp("slow"), settings)
    yield served
    served.client.close()
    served.process.stop()
    assert served.process.popen.returncode == 0


def said_of(served: Served, function: str) -> list[dict[str, Any]]:
    return [line for line in served.lines() if line.get("function") == function]


def test_a_run_that_takes_too_long_is_500_and_the_log_says_why(slow: Served) -> None:
    with ThreadPoolExecutor(3) as pool:
        names = ("sleeps", "stubborn", "thread")
        late = {name: pool.submit(slow.get, f"/api/{name}") for name in names}
        answers = {name: each.result(timeout=20) for name, each in late.items()}
    assert {
        name: (each.status_code, each.content) for name, each in answers.items()
    } == dict.fromkeys(names, (500, b""))
    slow.get("/api/open")
    done = {"cancelled", "stubborn", "thread"}
    eventually(lambda: done <= set(slow.get("/api/ended").text.split(",")))
    begun, given_up, ended = said_of(slow, "sleeps")
    invocation = begun["invocation_id"]
    assert given_up["message"] == (
        "Timeout value of 00:00:01 exceeded by function 'Functions.sleeps' "
        f"(Id: '{invocation}'). Initiating cancellation."
    )
    assert (ended["event"], ended["outcome"]) == ("invocation", "failed")
    expected = "Timeout value of 00:00:01 was exceeded by function: Functions.sleeps"
    assert ended["error"] == expected
    assert answers["sleeps"].headers["x-ms-invocation-id"] == invocation


def test_a_message_whose_function_hangs_is_delivered_again(slow: Served, broker: Broker) -> None:
    broker.send(ServiceBusMessage("hang once"), queue="plain")
    eventually(lambda: "delivery 2" in slow.get("/api/ended").text)
    eventually(lambda: not broker.active("plain"))
    assert [line.get("outcome") for line in said_of(slow, "hangs") if "outcome" in line] == [
        "failed",
        "succeeded",
    ]


def test_a_client_is_sent_away_when_the_answer_takes_too_long(
    broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As by the load balancer in Azure after 230 s: the function goes on."""
    folder = tmp_path_factory.mktemp("impatient")
    settings = {"SERVICE_BUS": broker.connection}
    served = serve("slow", folder, settings, arguments=("--answer-within", "0.2"))
    try:
        answer = served.get("/api/short")
        assert (answer.status_code, answer.content) == (504, b"")
        eventually(lambda: served.get("/api/ended").text == "short")
        outcomes = [line.get("outcome") for line in said_of(served, "short")]
        assert outcomes == [None, None, "succeeded"]
    finally:
        served.client.close()
        served.process.stop()
