"""`--reload`: changed code is served at once, broken code is said, what runs is finished."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.host.starting import Served, eventually, serve

APP = """
import asyncio, json, os
import azure.functions as func
from rooms.words import WORD
app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
@app.route(route="word", methods=["GET"])
async def word(req: func.HttpRequest) -> str:
    return f"{WORD} {os.environ.get('TONE', 'none')}"
@app.route(route="pid", methods=["GET"])
async def pid(req: func.HttpRequest) -> str:
    return str(os.getpid())
@app.route(route="slow", methods=["GET"])
async def slow(req: func.HttpRequest) -> str:
    while not os.path.exists(os.environ["GATE"]):
        await asyncio.sleep(0.02)
    return WORD
@app.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *")
async def yearly(timer: func.TimerRequest) -> None: ...
"""


@pytest.fixture
def app(folder: Path) -> Path:
    place = folder / "app"
    (place / "rooms").mkdir(parents=True)
    (place / "rooms" / "__init__.py").touch()
    (place / "rooms" / "words.py").write_text('WORD = "first"\n')
    (place / "function_app.py").write_text(APP)
    (place / "host.json").write_text('{"version": "2.0"}')
    return place


@pytest.fixture
def served(app: Path, folder: Path) -> Iterator[Served]:
    found = serve(app, folder, {"GATE": str(folder / "gate")}, arguments=("--reload",))
    yield found
    found.client.close()
    found.process.stop()
    assert found.process.popen.returncode == 0


def asked(served: Served, path: str) -> str:
    """Over a connection of its own: a kept one may be closed just when it is used again."""
    url = f"{str(served.client.base_url).rstrip('/')}{path}"
    return httpx.get(url, timeout=10, trust_env=False).text


def answers(served: Served, path: str, text: str) -> None:
    eventually(lambda: asked(served, path) == text, within_s=10)


def events(served: Served, event: str) -> list[dict[str, Any]]:
    return [line for line in served.lines() if line.get("event") == event]


def test_changed_code_is_served_and_no_request_is_refused(served: Served, app: Path) -> None:
    assert served.get("/api/word").text == "first none"
    began = time.perf_counter()
    (app / "rooms" / "words.py").write_text('WORD = "second"\n')
    answers(served, "/api/word", "second none")  # every answer meanwhile is a whole one
    assert time.perf_counter() - began < 5  # benchmarks/host_reload.py measures it
    (app / "rooms" / "words.py").write_text("from rooms.more import WORD\n")
    (app / "rooms" / "more.py").write_text('WORD = "third"\n')
    answers(served, "/api/word", "third none")
    (app / "host.json").write_text(
        '{"version": "2.0", "extensions": {"http": {"routePrefix": "v2"}}}'
    )
    answers(served, "/v2/word", "third none")
    eventually(lambda: len(events(served, "reloaded")) >= 3)


def test_changes_of_the_same_second_and_size_are_served(served: Served, app: Path) -> None:
    """Kept bytecode of the change before would look fresh."""
    words = app / "rooms" / "words.py"
    second = time.time_ns() // 10**9 * 10**9
    for number in range(3):
        words.write_text(f'WORD = "change-{number}"\n')
        os.utime(words, ns=(second, second + number))
        answers(served, "/api/word", f"change-{number} none")


def test_changed_settings_are_served(served: Served, folder: Path) -> None:
    file = folder / "local.settings.json"
    file.write_text(file.read_text().replace('"GATE"', '"TONE": "loud", "GATE"'))
    answers(served, "/api/word", "first loud")


def test_broken_code_is_said_and_the_code_before_it_goes_on(served: Served, app: Path) -> None:
    words = app / "rooms" / "words.py"
    words.write_text("WORD = (\n")
    eventually(lambda: "SyntaxError" in served.log.read_text())
    eventually(
        lambda: events(served, "the changed code cannot be served; the code before it still is")
    )
    assert asked(served, "/api/word") == "first none"
    words.write_text('WORD = "mended"\n')
    answers(served, "/api/word", "mended none")


def test_what_runs_is_finished_by_the_code_that_began_it(
    served: Served, app: Path, folder: Path
) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(asked, served, "/api/slow")
        eventually(lambda: events(served, "invocation.started"))
        (app / "rooms" / "words.py").write_text('WORD = "second"\n')
        answers(served, "/api/word", "second none")
        assert not running.done()
        (folder / "gate").touch()
        assert running.result(timeout=10) == "first"


def test_a_child_that_dies_ends_the_host_and_a_parent_that_dies_its_child(
    app: Path, folder: Path
) -> None:
    settings = {"GATE": str(folder / "gate")}
    served = serve(app, folder, settings, arguments=("--reload",))
    os.kill(int(served.get("/api/pid").text), signal.SIGKILL)
    assert served.process.popen.wait(10) == 128 + signal.SIGKILL
    served.client.close()
    again = serve(app, folder, settings, arguments=("--reload",))
    child = int(again.get("/api/pid").text)
    again.process.kill()
    eventually(lambda: not Path(f"/proc/{child}").exists())
    again.client.close()


def test_an_app_that_is_broken_from_the_start_is_refused(app: Path, folder: Path) -> None:
    (app / "function_app.py").write_text("import nowhere\n")
    from local.process import PartFailed

    with pytest.raises(PartFailed, match="nowhere"):
        serve(app, folder, {}, arguments=("--reload",))
