"""Whether the app is well, and what it says when something is not."""

import asyncio
import json
from pathlib import Path

import pytest

from functions.operations import api
from functions.operations.domain import Finding, Status, overall
from functions.operations.service import Probe, Readiness
from functions.operations.wiring import readiness
from local.process import Process
from shared.version import VERSION
from tests.support.azure import configured
from tests.support.http import call

ROOT = Path(__file__).resolve().parents[2]


async def up() -> None:
    await asyncio.sleep(0)


async def down() -> None:
    raise ConnectionError("refused")


async def test_the_process_answers() -> None:
    answer = await call(api.report_health, method="GET")
    assert answer.json == {"status": "up", "version": VERSION}


@pytest.mark.parametrize(
    ("required", "optional", "status", "code"),
    [(up, up, "up", 200), (up, down, "degraded", 200), (down, up, "down", 503)],
)
async def test_readiness_tells_each_dependency(
    required: object, optional: object, status: str, code: int
) -> None:
    probes = [Probe("store", True, required), Probe("extra", False, optional)]  # type: ignore[arg-type]  # functions
    with readiness.replaced_by(Readiness(probes)):
        answer = await call(api.report_readiness, method="GET")

    assert (answer.status, answer.json["status"]) == (code, status)
    store, extra = answer.json["dependencies"]
    assert (store["name"], store["up"]) == ("store", required is up)
    assert (extra["name"], extra["up"]) == ("extra", optional is up)
    assert all(each["latency_ms"] >= 0 for each in answer.json["dependencies"])


async def test_many_who_ask_at_once_are_one_question() -> None:
    asked: list[int] = []

    async def count() -> None:
        asked.append(1)

    ready = Readiness([Probe("store", True, count)])
    await asyncio.gather(*(ready.findings() for _ in range(10)))
    assert len(asked) == 1


def test_nothing_to_depend_on_is_up() -> None:
    assert overall([]) is Status.UP
    assert overall([Finding("x", False, False, 1.0)]) is Status.DEGRADED


async def test_the_real_dependencies_are_asked(service_bus: Process) -> None:
    readiness.forget()
    with configured(LIVEKIT__url=service_bus.ready["admin"], TSA__url="http://127.0.0.1:9"):
        answer = await call(api.report_readiness, method="GET")
    readiness.forget()
    found = {each["name"]: each["up"] for each in answer.json["dependencies"]}

    assert found["cosmos"]
    assert found["service_bus"]
    assert found["livekit"]
    assert not found["timestamping"]


async def test_the_openapi_document_is_served() -> None:
    answer = await call(api.publish_openapi, method="GET")
    assert answer.json == json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
