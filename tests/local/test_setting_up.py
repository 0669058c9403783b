"""The first administrator: made once, asked for again while the app is away, and told apart."""

import json
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from local.ports import HERE, free
from local.setting_up import (
    ATTEMPTS,
    EMAIL,
    Administrator,
    AdministratorMissing,
    first_administrator,
)

MADE = (201, {"email": EMAIL, "generated_password": "secret"})


@contextmanager
def app(*answers: tuple[int, object] | None) -> Generator[tuple[str, list[str]]]:
    """Answers one after the other; None: the connection ends without one."""
    left: Iterator[tuple[int, object] | None] = iter(answers)
    keys: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            keys.append(self.headers["x-functions-key"])
            answer = next(left)
            if answer is None:
                return
            body = json.dumps(answer[1]).encode()
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer((HERE, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://{HERE}:{server.server_port}", keys
        server.shutdown()
        thread.join()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def wait(waits: list[float]) -> Callable[[float], None]:
    return waits.append


def test_made_with_the_master_key(wait: Callable[[float], None], waits: list[float]) -> None:
    with app(MADE) as (url, keys):
        assert first_administrator(url, "master", wait) == Administrator(EMAIL, "secret")
    assert (keys, waits) == (["master"], [])


def test_there_is_one_already(wait: Callable[[float], None]) -> None:
    with app((409, {})) as (url, _):
        assert first_administrator(url, "master", wait) is None


def test_an_app_that_is_away_is_asked_again(
    wait: Callable[[float], None], waits: list[float]
) -> None:
    with app((503, {}), None, (503, {}), MADE) as (url, keys):
        assert first_administrator(url, "master", wait) == Administrator(EMAIL, "secret")
    assert (len(keys), len(waits)) == (4, 3)


def test_an_answer_that_was_lost_is_told(wait: Callable[[float], None]) -> None:
    with (
        app((503, {}), (409, {})) as (url, _),
        pytest.raises(AdministratorMissing, match="clean"),
    ):
        first_administrator(url, "master", wait)


def test_it_is_not_asked_for_ever(wait: Callable[[float], None], waits: list[float]) -> None:
    with (
        app(*[(503, {})] * ATTEMPTS) as (url, keys),
        pytest.raises(AdministratorMissing, match="unavailable 20 times"),
    ):
        first_administrator(url, "master", wait)
    assert len(keys) == ATTEMPTS
    (port,) = free(1)
    with pytest.raises(OSError, match="refused"):
        first_administrator(f"http://{HERE}:{port}", "master", wait)


def test_other_refusals_are_told(wait: Callable[[float], None]) -> None:
    with app((401, {})) as (url, _), pytest.raises(OSError, match="401"):
        first_administrator(url, "master", wait)
