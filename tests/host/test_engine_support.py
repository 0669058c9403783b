"""The engine in this process, as other tests use it."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from local.host.failures import IndexFailed
from tests.host.starting import APPS
from tests.support.engine import EngineApp, FunctionFailed, Message


async def saw(app: EngineApp, function: str) -> list[dict[str, object]]:
    answer = await app.http("saw", query={"function": function})
    found: list[dict[str, object]] = json.loads(answer.body)["seen"]
    return found


async def test_each_kind_of_trigger_runs() -> None:
    app = await EngineApp.index(APPS / "pushed")
    message = Message('{"a": 1}', message_id="m", delivery_count=2, properties={"x": "y"})
    assert (await app.timer("timed", past_due=True)).ok
    assert (await app.message("queued", message)).ok
    assert (await app.messages("batched", [Message("one"), Message(b"two")])).ok
    assert (await app.documents("changed", [{"id": "1"}, {"id": "2"}])).ok
    assert (await saw(app, "timed"))[-1]["past_due"] is True
    queued = (await saw(app, "queued"))[-1]
    assert (queued["message_id"], queued["delivery_count"]) == ("m", 2)
    assert queued["properties"] == {"x": "y"}
    assert (await saw(app, "batched"))[-1]["bodies"] == ["one", "two"]
    assert (await saw(app, "changed"))[-1]["ids"] == ["1", "2"]


async def test_a_failure_tells_where_it_happened() -> None:
    outcome = await (await EngineApp.index(APPS / "pushed")).timer("fails")
    assert not outcome.ok
    assert "it fails" in outcome.error
    assert "function_app.py" in outcome.stack


async def test_http_functions_run() -> None:
    app = await EngineApp.index(APPS / "web")
    headers = {"X-Test": "1"}
    answer = await app.http("echo", "POST", route={"first": "a"}, headers=headers, body=b"abc")
    document = json.loads(answer.body)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert (document["method"], document["body"]) == ("POST", "abc")
    assert document["headers"] == {"x-test": "1"}
    assert (await app.http("text")).body.decode() == "grüß dich"
    assert len((await app.http("cookies")).cookies) == 2
    with pytest.raises(FunctionFailed, match="the secret reason"):
        await app.http("raises")


async def test_an_app_is_indexed_once_and_leaves_no_trace_on_the_path() -> None:
    before, module = list(sys.path), sys.modules.get("function_app")
    first = await EngineApp.index(APPS / "web")
    assert await EngineApp.index(APPS / "web") is first
    assert sys.path == before
    assert sys.modules.get("function_app") is module


async def test_two_apps_with_the_same_names_are_refused(folder: Path) -> None:
    await EngineApp.index(APPS / "pushed")
    shutil.copytree(APPS / "pushed", folder / "copy")
    with pytest.raises(ValueError, match="timed"):
        await EngineApp.index(folder / "copy")


async def test_a_folder_without_an_app_is_refused(folder: Path) -> None:
    with pytest.raises(IndexFailed, match="does not exist"):
        await EngineApp.index(folder)
