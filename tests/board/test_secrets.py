"""No credential leaves the board, wherever somebody has written it."""

import json
from collections.abc import AsyncGenerator
from dataclasses import asdict
from pathlib import Path

import pytest

from local.board.surroundings import Surroundings
from tests.board.asking import Board, board_of
from tests.board.conftest import Lived

PATHS = (
    "/",
    "/api/overview",
    "/api/functions",
    "/api/functions/trips_plan/runs",
    "/api/entities",
    "/api/messages-in?entity=poison",
    "/api/containers",
    "/api/blobs",
    "/api/blobs/documents",
    "/api/sent",
    "/api/log?limit=1000",
    "/api/timelines?limit=500",
    "/api/timelines/c-secret",
    "/api/search?q=c-secret",
    "/api/timelines/%7Bnobody%7D",
)


@pytest.fixture(scope="module")
def opening(lived: Lived) -> set[str]:
    """Everything that opens something: named here, and not as the board finds it."""
    keys = asdict(lived.azure.keys)
    del keys["storage_account"]  # a name
    del keys["function_key"]  # the board was never told
    settings = lived.surroundings.settings
    return {*keys.values(), settings["COSMOS"], settings["SERVICE_BUS"], settings["BLOB"]}


@pytest.fixture(scope="module")
async def indiscreet(
    lived: Lived, opening: set[str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Board]:
    """A board whose parts have written every credential into their logs."""
    logs: Path = tmp_path_factory.mktemp("indiscreet")
    run = {"invocation_id": "i-1", "correlation_id": "c-secret", "logger": "local.host"}
    said = [json.dumps({"event": "x", "error": f"key {each}", **run}) for each in sorted(opening)]
    end = {"event": "invocation", "function": "trips_plan", "level": "ERROR", "duration_ms": 1}
    error = " ".join(sorted(opening))
    said.append(json.dumps({**end, "error": error, "stack": error, **run}))
    (logs / "host.log").write_text("\n".join(said) + "\n", encoding="utf-8")
    (logs / "tsa.log").write_text("\n".join(sorted(opening)) + "\n", encoding="utf-8")
    known = lived.surroundings
    surroundings = Surroundings(known.urls, known.settings, known.master_key, logs)
    async with board_of(surroundings) as board:
        yield board


@pytest.mark.parametrize("path", PATHS)
async def test_no_answer_has_one(indiscreet: Board, opening: set[str], path: str) -> None:
    answer = await indiscreet.ask("GET", path)
    assert answer.status in {200, 404}
    told = answer.body.decode() + str(answer.headers)
    assert [secret for secret in opening if secret in told] == []


async def test_the_lines_themselves_are_there(indiscreet: Board, opening: set[str]) -> None:
    items = (await indiscreet.get("/api/log?limit=1000"))["items"]
    assert len(items) == 2 * len(opening) + 1
    assert "(hidden)" in items[0]["message"] or "(hidden)" in str(items[0]["fields"])


async def test_a_refusal_has_none_either(indiscreet: Board, opening: set[str]) -> None:
    for secret in opening:
        asked = {"container": "trips", "query": f"SELECT '{secret}' FROM c WHERE {secret}"}
        refused = await indiscreet.post("/api/query", asked, status=400)
        assert secret not in json.dumps(refused)
