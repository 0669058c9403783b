"""The parts and how they fare; what the board is told; what it never says."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from local.board.hiding import HIDDEN, Hiding, secrets_of
from local.board.parts import described
from local.board.surroundings import Surroundings, SurroundingsUnusable, read

URLS = {
    "host": "http://127.0.0.1:1",
    "cosmos": "http://127.0.0.1:2",
    "servicebus_admin": "http://127.0.0.1:3",
    "extra": "http://127.0.0.1:4",
}


def test_every_part_is_told_in_the_order_that_people_know() -> None:
    found = described(URLS, {}, {"host": True, "cosmos": False})
    assert [(each["name"], each["state"]) for each in found] == [
        ("host", "running"),
        ("cosmos", "down"),
        ("extra", "down"),
    ]
    assert found[0]["links"][0]["url"] == "http://127.0.0.1:1/api/docs"


@pytest.mark.parametrize(
    ("told", "listens", "state"),
    [
        ("running", True, "running"),
        ("running", False, "down"),
        ("restarting", False, "restarting"),
        ("starting", False, "starting"),
        ("starting", True, "running"),
        ("down", False, "down"),
        ("nonsense", False, "down"),
    ],
)
def test_what_the_supervisor_says_counts_unless_we_know_better(
    told: str, listens: bool, state: str
) -> None:
    about = {"name": "host", "state": told, "restarts": 2, "pid": 7, "since": "2026-11-20T14:00Z"}
    found = described(URLS, {"parts": [about]}, {"host": listens})[0]
    assert (found["state"], found["restarts"], found["pid"]) == (state, 2, 7)
    assert found["since"] == "2026-11-20T14:00:00.000Z"


@pytest.mark.parametrize(
    "state",
    [
        {"parts": {"host": {"pid": 7}}},
        {"parts": [{"name": "host", "pid": 7}, "nonsense", {"pid": 8}]},
        {"pids": {"host": 7}},
    ],
)
def test_a_supervisor_may_say_it_in_several_ways(state: dict[str, Any]) -> None:
    assert described(URLS, state, {})[0]["pid"] == 7


@pytest.mark.parametrize(
    "since", [None, "yesterday", 1e300, True, [], 1795183200, "2026-11-20T14:00:00+00:00"]
)
def test_a_time_that_is_none_is_null(since: object) -> None:
    state = {"parts": [{"name": "host", "since": since, "restarts": "many", "pid": "x"}]}
    found = described(URLS, state, {})[0]
    assert found["since"] in (None, "2026-11-20T14:00:00.000Z", "1970-01-01T00:00:01.000Z")
    assert (found["restarts"], found["pid"]) == (0, None)


def test_the_file_that_tells_is_read(tmp_path: Path) -> None:
    file = tmp_path / "azure.json"
    told = {"urls": URLS, "settings": {"COSMOS": "x"}, "master_key": "m", "logs": "/l"}
    file.write_text(json.dumps({**told, "state": None}), encoding="utf-8")
    found = read(file)
    assert (found.url("host"), found.url("nobody"), found.state) == ("http://127.0.0.1:1", "", None)
    assert "master_key" not in repr(found)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        (b"{", "is not JSON"),
        (b"[]", "`logs`"),
        (b'{"logs": 1}', "`logs`"),
        (b'{"logs": "/l", "urls": []}', "`urls`"),
    ],
)
def test_a_file_that_does_not_tell_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "azure.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SurroundingsUnusable, match=sentence):
        read(file)


KEY = "c2VjcmV0/ke+y=="
SETTINGS = {
    "COSMOS": f"AccountEndpoint=http://127.0.0.1:8081/;AccountKey={KEY};",
    "SERVICE_BUS": "Endpoint=sb://127.0.0.1;SharedAccessKeyName=Root;SharedAccessKey=bus-key-1234",
    "LIVEKIT__apiSecret": "a livekit secret",
    "LIVEKIT__apiKey": "APIabcdef",
    "PUBLIC_BASE_URL": "http://127.0.0.1:7071",
    "SHORT_KEY": "key",
}


@pytest.fixture
def surroundings() -> Surroundings:
    return Surroundings(URLS, SETTINGS, "the-master-key", Path("/logs"))


def test_what_opens_something_is_a_secret(surroundings: Surroundings) -> None:
    assert secrets_of(surroundings) == {
        KEY,
        SETTINGS["COSMOS"],
        SETTINGS["SERVICE_BUS"],
        "bus-key-1234",
        "a livekit secret",
        "APIabcdef",
        "the-master-key",
    }


@pytest.mark.parametrize(
    "spelled",
    [
        SETTINGS["COSMOS"],
        f"key {KEY}!",
        json.dumps({"error": f'"{KEY}"'}),
        f"https://x/?code={quote(KEY, safe='')}",
        json.dumps({"k": KEY}).replace("/", "\\/"),
        "bus-key-1234 twice bus-key-1234",
    ],
)
def test_no_spelling_of_a_secret_gets_out(surroundings: Surroundings, spelled: str) -> None:
    found = Hiding(secrets_of(surroundings)).hide(spelled.encode())
    assert HIDDEN in found
    for secret in (KEY, "bus-key-1234"):
        assert secret.encode() not in found
        assert quote(secret, safe="").encode() not in found


def test_other_words_stay(surroundings: Surroundings) -> None:
    text = b"the key to http://127.0.0.1:7071 is safe"
    assert Hiding(secrets_of(surroundings)).hide(text) == text
    assert Hiding([]).hide(text) == text
