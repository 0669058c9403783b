"""The admin routes: the list, the state, and a push for every kind of trigger."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.host.starting import Served, eventually, serve


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An app whose broker and account are never there."""
    away = "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=a;SharedAccessKey=b;"
    settings = {
        "SERVICE_BUS": away + "UseDevelopmentEmulator=true;",
        "COSMOS": "AccountEndpoint=http://127.0.0.1:9/;AccountKey=YQ==;",
    }
    served = serve("pushed", tmp_path_factory.mktemp("pushed"), settings)
    yield served
    served.client.close()
    served.process.stop()


def push(pushed: Served, function: str, **body: Any) -> list[dict[str, Any]]:
    """What the function saw after a push."""
    answer = pushed.admin("POST", f"functions/{function}", json=body)
    assert (answer.status_code, answer.content) == (202, b"")
    return eventually(lambda: pushed.seen(function))


def test_the_master_key_is_needed(pushed: Served) -> None:
    for path in ("/admin/functions", "/admin/host/status", "/admin/nothing"):
        assert pushed.get(path).status_code == 401
        assert pushed.get(path, params={"code": "a-function-key"}).status_code == 401
    assert pushed.client.post("/admin/functions/timed", json={}).status_code == 401
    assert pushed.get("/admin/host/ping").status_code == 200


def test_the_list_tells_the_kinds_of_trigger(pushed: Served) -> None:
    listed = pushed.admin("GET", "functions").json()
    assert {each["name"]: each["trigger"] for each in listed} == {
        "saw": "httpTrigger",
        "timed": "timerTrigger",
        "queued": "serviceBusTrigger",
        "batched": "serviceBusTrigger",
        "changed": "cosmosDBTrigger",
        "fails": "timerTrigger",
    }


def test_the_state_tells_what_is_away(pushed: Served) -> None:
    def listeners() -> dict[str, str]:
        return dict(pushed.admin("GET", "host/status").json()["listeners"])

    eventually(lambda: listeners()["queued"] == "waiting for the broker")
    eventually(lambda: listeners()["changed"] == "waiting for Cosmos DB", within_s=40)
    assert listeners()["timed"] == "listening"
    assert pushed.admin("GET", "host/status").json()["state"] == "Running"


def test_a_timer_is_pushed(pushed: Served) -> None:
    assert push(pushed, "TIMED")[0]["past_due"] is False


def test_a_message_is_pushed(pushed: Served) -> None:
    (found,) = push(pushed, "queued", input='{"a": 1}')
    assert found["body"] == '{"a": 1}'
    assert found["delivery_count"] == 1
    assert found["properties"] == {}
    assert len(found["message_id"]) == 36


def test_a_batch_is_pushed(pushed: Served) -> None:
    assert push(pushed, "batched", input="one")[0]["bodies"] == ["one"]


def test_documents_are_pushed(pushed: Served) -> None:
    assert push(pushed, "changed", input=[{"id": "1"}, {"id": "2"}])[0]["ids"] == ["1", "2"]


def test_a_push_that_fails_is_in_the_log(pushed: Served) -> None:
    assert pushed.admin("POST", "functions/fails").status_code == 202
    eventually(lambda: [x for x in pushed.lines() if x.get("outcome") == "failed"])


def test_pushes_that_make_no_sense(pushed: Served) -> None:
    assert pushed.admin("POST", "functions/unknown", json={}).status_code == 404
    assert pushed.admin("POST", "functions/saw", json={}).status_code == 400
    assert pushed.admin("POST", "functions/timed", content=b"{").status_code == 400
    assert pushed.admin("POST", "functions/timed", content=b"[]").status_code == 400
    assert pushed.admin("DELETE", "functions/timed").status_code == 404
