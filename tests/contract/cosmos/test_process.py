"""The service as a process: its one line, its key, its end, and what survives a power cut."""

import base64
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.cosmos import ContainerProxy, CosmosClient, PartitionKey

from local.cosmos.authorization import EMULATOR_KEY
from local.process import PartFailed, Process, python_part, start
from tests.contract.cosmos.asking import refused

pytestmark = pytest.mark.usefixtures("own_service")

Run = Callable[..., Process]
KEY = base64.b64encode(b"a key of this test alone").decode()


@pytest.fixture
def run(tmp_path: Path, log: Path) -> Iterator[Run]:
    """Starts the service on the same data each time."""
    started = []

    def begin(*more: str, **env: str) -> Process:
        command = python_part("local.cosmos", "--port", "0", "--data", str(tmp_path / "data"))
        process = start("cosmos", [*command, *more], log=log, env=env)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.stop()


def container_of(client: CosmosClient) -> ContainerProxy:
    database = client.create_database_if_not_exists("kept")
    return database.create_container_if_not_exists("items", PartitionKey("/pk"))


def test_it_says_one_line_and_ends_when_asked() -> None:
    command = python_part("local.cosmos", "--port", "0")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith('ready {"url": "http://127.0.0.1:')
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == ""
        assert process.wait(10) == 0


def test_it_takes_its_key_from_the_environment(run: Run) -> None:
    url = run(LOCAL_PART_KEY=KEY).ready["url"]
    with CosmosClient(url, KEY) as client:
        assert list(client.list_databases()) == []
    with refused(401):
        CosmosClient(url, EMULATOR_KEY)


def test_a_key_that_is_none_is_refused(run: Run) -> None:
    with pytest.raises(PartFailed, match="base64"):
        run(LOCAL_PART_KEY="not base64!")


def test_data_belongs_to_one_process(run: Run) -> None:
    run()
    with pytest.raises(PartFailed, match="open in another process"):
        run()


def test_a_busy_port_is_refused(run: Run, log: Path) -> None:
    port = run().ready["url"].rsplit(":", 1)[1]
    with pytest.raises(PartFailed, match=port):
        start("cosmos", python_part("local.cosmos", "--port", port), log=log)


def test_what_was_acknowledged_survives_a_power_cut(run: Run) -> None:
    process = run()
    with CosmosClient(process.ready["url"], EMULATOR_KEY) as client:
        items = container_of(client)
        for number in range(50):
            items.create_item({"id": str(number), "pk": "a", "n": number})
        items.delete_item("7", "a")
        items.execute_item_batch([("create", ({"id": "b", "pk": "a", "n": 99},))], "a")
        process.kill()
    with CosmosClient(run().ready["url"], EMULATOR_KEY) as client:
        query = "SELECT VALUE c.n FROM c"
        found: list[Any] = list(container_of(client).query_items(query, partition_key="a"))
        assert sorted(found) == sorted({*range(50), 99} - {7})


def test_the_change_feed_goes_on_after_a_power_cut(run: Run) -> None:
    process = run()
    with CosmosClient(process.ready["url"], EMULATOR_KEY) as client:
        items = container_of(client)
        items.create_item({"id": "1", "pk": "a"})
        items.create_item({"id": "2", "pk": "a"})
        list(items.query_items_change_feed(start_time="Beginning"))
        token = _token(items)
        items.delete_item("2", "a")  # the last number must not be given again
        process.kill()
    with CosmosClient(run().ready["url"], EMULATOR_KEY) as client:
        items = container_of(client)
        items.create_item({"id": "3", "pk": "a"})
        later: list[dict[str, Any]] = list(items.query_items_change_feed(continuation=token))
        assert [change["id"] for change in later] == ["3"]


def _token(container: ContainerProxy) -> str:
    token: str = container.client_connection.last_response_headers["etag"]
    return token
