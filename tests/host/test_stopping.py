"""Ending: new work is refused, running work finishes, messages are given back, the code is 0."""

import asyncio
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from azure.servicebus import ServiceBusMessage

from local.host.stopping import Stop
from tests.host import broker as brokers
from tests.host.broker import Broker
from tests.host.starting import Served, eventually, serve


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_request_finishes_and_a_new_one_is_refused(
    folder: Path, number: signal.Signals
) -> None:
    served = serve("web", folder)
    url = str(served.client.base_url)
    with (
        httpx.Client(base_url=url, timeout=30, trust_env=False) as kept_alive,
        ThreadPoolExecutor(1) as pool,
    ):
        assert kept_alive.get("/api/text").status_code == 200
        running = pool.submit(httpx.get, f"{url}/api/slow?s=2", timeout=30, trust_env=False)
        eventually(lambda: served.get("/api/slow/running").text == "1")
        served.process.popen.send_signal(number)

        def refused() -> bool:
            try:
                return kept_alive.get("/api/text").status_code == 503
            except httpx.TransportError:
                return True

        eventually(refused)
        assert running.result(timeout=10).text == "done"
    assert served.process.popen.wait(10) == 0
    served.client.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/api/text", trust_env=False)


@pytest.fixture
def broker(folder: Path) -> Iterator[Broker]:
    started = brokers.start(folder)
    yield started
    started.stop()


def test_a_message_in_hand_is_completed_and_the_rest_stays(broker: Broker, folder: Path) -> None:
    served = serve("bus", folder, {"SERVICE_BUS": broker.connection, "PLAIN_QUEUE": "brief"})
    broker.send(ServiceBusMessage("sleep 3", message_id="in hand"), queue="brief")
    eventually(lambda: served.seen("plain"))
    served.process.popen.terminate()
    broker.send(ServiceBusMessage("late", message_id="late"), queue="brief")
    assert served.process.popen.wait(20) == 0
    left = broker.active("brief")
    assert [(each.message_id, each.delivery_count) for each in left] == [("late", 0)]
    served.client.close()


def test_an_idle_host_ends_quickly(broker: Broker, folder: Path) -> None:
    served = serve("bus", folder, {"SERVICE_BUS": broker.connection, "PLAIN_QUEUE": "plain"})
    eventually(lambda: _all_listen(served))
    began = time.monotonic()
    served.process.popen.terminate()
    assert served.process.popen.wait(10) == 0
    assert time.monotonic() - began < 5
    assert '"level": "ERROR"' not in served.log.read_text()
    served.client.close()


def _all_listen(served: Served) -> bool:
    listeners = served.admin("GET", "host/status").json()["listeners"]
    return set(listeners.values()) == {"listening"}


async def test_waiting_ends_when_a_stop_is_asked_for() -> None:
    stop = Stop()
    sleeping = asyncio.create_task(stop.sleep(60))
    working = asyncio.create_task(stop.unless_asked(asyncio.sleep(60, "worked")))
    await asyncio.sleep(0)
    stop.ask()
    await asyncio.wait_for(sleeping, 1)
    assert await asyncio.wait_for(working, 1) is None
    assert stop.asked


async def test_work_that_is_done_is_kept() -> None:
    stop = Stop()
    assert await stop.unless_asked(asyncio.sleep(0, "worked")) == "worked"
    stop.ask()

    async def done() -> str:
        return "at once"

    assert await stop.unless_asked(done()) == "at once"


async def test_what_work_raises_is_raised() -> None:
    async def broken() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await Stop().unless_asked(broken())
