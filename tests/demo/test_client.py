"""An app with manners: it comes back when told to, with the same key; stale, it reads again."""

import json
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from local.demo.client import UNANSWERED, Client, Manners, Seen
from local.demo.show import CheckFailed

Answer = tuple[int, dict[str, str], Any]
DOWN: Answer = (503, {"Retry-After": "3600"}, {"type": "/problems/unavailable"})
BUSY: Answer = (429, {}, {"type": "/problems/too-many-requests"})
IN_FLIGHT: Answer = (409, {}, {"type": "/problems/idempotency-key-in-flight"})
STALE: Answer = (412, {}, {"type": "/problems/stale"})
SILENCE: Answer = (0, {}, None)
MADE: Answer = (201, {"ETag": '"2"'}, {"id": "x"})


@dataclass
class Script:
    """What is answered, in this order, and what was asked."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def client(self, patience_s: float = 10.0) -> Client:
        return Client(self.url, manners=Manners(longest_wait_s=0.001, patience_s=patience_s))


@pytest.fixture
def script() -> Generator[Script]:
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.rfile.read(int(headers.get("content-length", 0)))
            script.asked.append((self.command, headers))
            status, more, body = script.answers.pop(0)
            if not status:
                self.close_connection = True
                return
            content = json.dumps(body).encode()
            self.send_response(status)
            kind = "application/problem+json" if status >= 400 else "application/json"
            said = {"Content-Type": kind, "Content-Length": str(len(content)), **more}
            for name, value in said.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - http.server's own names

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield script
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_comes_back_with_the_same_key_and_waits_no_longer_than_it_may(script: Script) -> None:
    script.answers = [DOWN, SILENCE, BUSY, IN_FLIGHT, MADE]
    client = script.client()

    assert client.post("v1/trips", {"title": "x"}) == {"id": "x"}
    assert len({headers["idempotency-key"] for _, headers in script.asked}) == 1
    assert [(each.status, each.code) for each in client.manners.seen] == [
        (503, "unavailable"),
        (UNANSWERED, ""),
        (429, "too-many-requests"),
        (409, "idempotency-key-in-flight"),
        (201, ""),
    ]


def test_two_wishes_have_two_keys(script: Script) -> None:
    script.answers = [MADE, MADE]
    client = script.client()
    for _ in range(2):
        client.post("v1/trips", {})
    assert len({headers["idempotency-key"] for _, headers in script.asked}) == 2


def test_a_refusal_is_an_answer(script: Script) -> None:
    script.answers = [(422, {}, {"type": "/problems/invalid"})] * 2
    client = script.client()
    assert client.ask("POST", "v1/trips", {}).code == "invalid"
    with pytest.raises(CheckFailed, match="POST v1/trips answered 422"):
        client.post("v1/trips", {})


def test_patience_ends(script: Script) -> None:
    script.answers = [DOWN]
    with pytest.raises(CheckFailed, match="answered 503"):
        script.client(patience_s=-1).get("v1/trips")


def test_what_is_stale_is_read_again(script: Script) -> None:
    first, second = ((200, {"ETag": f'"{n}"'}, {"n": n}) for n in (1, 2))
    script.answers = [first, STALE, second, (200, {}, {"title": "y"})]
    read: list[int] = []

    def change(found: Any) -> object:
        read.append(found["n"])
        return {"title": "y"}

    assert script.client().change("v1/trips/x", change) == {"title": "y"}
    assert read == [1, 2]
    assert [headers.get("if-match") for _, headers in script.asked] == [None, '"1"', None, '"2"']


def test_what_was_done_already_is_done(script: Script) -> None:
    already: Answer = (409, {}, {"type": "/problems/trip-not-planned"})
    script.answers = [DOWN, already, already]
    client = script.client()
    client.settle("v1/trips/x/start", None, already="trip-not-planned")
    with pytest.raises(CheckFailed, match="trip-not-planned"):
        client.settle("v1/trips/x/start", None, already="something-else")


def test_apps_that_share_manners_share_what_was_seen(script: Script) -> None:
    script.answers = [(200, {}, {}), (200, {}, {})]
    client = script.client()
    client.with_token("t").get("v1/me")
    client.with_token(None).get("v1/me")
    assert client.manners.seen == [Seen("GET", "v1/me", 200, "")] * 2
    assert [headers.get("authorization") for _, headers in script.asked] == ["Bearer t", None]
