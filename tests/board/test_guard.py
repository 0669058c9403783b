"""Who may ask the board: nobody through another name, and no other site's page changes a thing."""

from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path

import pytest

from local.board.surroundings import Surroundings
from tests.board.asking import Board, board_of

PURGE = b'{"entity": "poison", "dead": false, "sequence_numbers": null}'
MUTATING = (
    "/api/functions/x/run",
    "/api/resubmit",
    "/api/purge",
    "/api/query",
)


@pytest.fixture(scope="module")
async def alone(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Board]:
    """A board around which nothing runs."""
    surroundings = Surroundings({}, {}, "the-master-key", tmp_path_factory.mktemp("logs"))
    async with board_of(surroundings) as board:
        yield board


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7070",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "127.0.0.1:80@evil.example",
        "127.0.0.1:evil",
        "[::1]",
        "0.0.0.0",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/overview", "/static/x"])
async def test_a_name_that_was_pointed_here_is_turned_away(
    alone: Board, host: str, path: str
) -> None:
    answer = await alone.ask("GET", path, Host=host)
    assert answer.status == 403
    assert answer.json == {"error": "The board answers to 127.0.0.1 and localhost alone."}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1"])
async def test_this_machine_is_answered(alone: Board, host: str) -> None:
    assert (await alone.ask("GET", "/api/log", Host=host)).status == 200


@pytest.mark.parametrize("path", MUTATING)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content_Type": "application/json"}, 403),
        ({"Content_Type": "application/json", "Origin": "null"}, 403),
        ({"Content_Type": "application/json", "Origin": "http://evil.example"}, 403),
        ({"Content_Type": "application/json", "Origin": "http://127.0.0.1:1"}, 403),
        ({"Content_Type": "application/json", "Origin": "http://127.0.0.1.evil.example"}, 403),
        ({"Content_Type": "application/json", "Sec_Fetch_Site": "cross-site"}, 403),
        ({"Content_Type": "application/json", "Sec_Fetch_Site": "same-site"}, 403),
        ({"Content_Type": "application/json", "Sec_Fetch_Site": "none"}, 403),
    ],
)
async def test_a_change_asked_by_another_page_is_refused(
    alone: Board, path: str, headers: dict[str, str], status: int
) -> None:
    assert (await alone.ask("POST", path, PURGE, **headers)).status == status


async def test_both_signs_of_a_page_must_be_its_own(alone: Board) -> None:
    json = {"Content_Type": "application/json"}
    cross = {"Origin": alone.url, "Sec_Fetch_Site": "cross-site"}
    foreign = {"Origin": "http://evil.example", "Sec_Fetch_Site": "same-origin"}
    assert (await alone.ask("POST", "/api/purge", PURGE, **json, **cross)).status == 403
    assert (await alone.ask("POST", "/api/purge", PURGE, **json, **foreign)).status == 403


@pytest.mark.parametrize("sign", ["Origin", "Sec_Fetch_Site"])
async def test_the_boards_own_page_gets_through(alone: Board, sign: str) -> None:
    own = alone.url if sign == "Origin" else "same-origin"
    headers = {"Content_Type": "application/json", sign: own}
    answer = await alone.ask("POST", "/api/purge", PURGE, **headers)
    assert answer.status == 503  # it was asked: there is no broker
    assert answer.json["down"] == "servicebus_admin"


async def test_other_sites_may_not_even_read(alone: Board) -> None:
    for site in ("cross-site", "same-site"):
        answer = await alone.ask("GET", "/api/log", Sec_Fetch_Site=site)
        assert answer.status == 403
    answer = await alone.ask("GET", "/api/log", Sec_Fetch_Site="same-origin")
    assert answer.status == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_the_page_and_its_files(alone: Board) -> None:
    page = await alone.ask("GET", "/")
    assert page.status == 200
    assert page.headers["Content-Type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert b"<script>" not in page.body
    assert b" style=" not in page.body
    assert (await alone.ask("GET", "/?lang=de")).body != page.body


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/static/../server.py", 404),
        ("GET", "/static/..%2fserving.py", 404),
        ("GET", "/static/nothing-0123456789abcdef.js", 404),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/purge", 405),
        ("GET", "/api/log?before=x", 400),
        ("GET", "/api/log?limit=x", 400),
        ("GET", "/api/log/stream?after=x", 400),
        ("GET", "/api/log?level=loud", 400),
        ("HEAD", "/api/log", 200),
    ],
)
async def test_whatever_is_wrong_is_said_in_json(
    alone: Board, method: str, path: str, status: int
) -> None:
    answer = await alone.ask(method, path)
    assert answer.status == status
    if method != "HEAD" and status != 200:
        assert set(answer.json) <= {"error", "remedy"}


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"\xff"])
async def test_a_body_that_is_no_object_is_refused(alone: Board, body: bytes) -> None:
    headers = {"Content_Type": "application/json", "Origin": alone.url}
    assert (await alone.ask("POST", "/api/query", body, **headers)).status == 400


async def test_a_body_without_end_is_refused(alone: Board) -> None:
    headers = {"Content_Type": "application/json", "Origin": alone.url}
    answer = await alone.ask("POST", "/api/query", BytesIO(b" " * 3_000_000), **headers)
    assert answer.status == 413


async def test_everything_may_be_purged_only_in_so_many_words(alone: Board) -> None:
    refused = await alone.post("/api/purge", {"entity": "poison", "dead": True}, status=400)
    assert "sequence_numbers" in refused["error"]


async def test_secrets_in_a_log_are_hidden(tmp_path: Path) -> None:
    (tmp_path / "host.log").write_text('{"event": "x", "error": "key the-master-key refused"}\n')
    async with board_of(Surroundings({}, {}, "the-master-key", tmp_path)) as board:
        found = await board.get("/api/log?text=refused")
    assert found["items"][0]["fields"]["error"] == "key (hidden) refused"
