"""A local Azure in the background, as its owner sees it: one for all of these tests."""

import json
import urllib.request
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from local.demo.client import Client
from tests.local.cli import local
from tests.local.started import Up, state_file
from tests.local.waiting import until

PLAN = {"seed": 3, "everywhere": 0.0, "rules": []}


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Generator[Up]:
    home = tmp_path_factory.mktemp("home")
    plan = home / "plan.json"
    plan.write_text(json.dumps(PLAN), encoding="utf-8")
    proxy = {"http_proxy": "http://127.0.0.1:9"}  # which is not meant for what runs here
    options = ["--free-ports", "--reload", "--faults", str(plan)]
    said = local(home, "up", *options, env=proxy)
    try:
        assert said.code == 0, said.out + said.err
        yield Up(home, said)
    finally:
        local(home, "down")


def test_it_tells_what_starts_and_then_every_address(up: Up) -> None:
    for part in up.state["parts"]:
        assert f"  {part['title']} at {part['url']}\n" in up.said.out
    progress, _, summary = up.said.out.partition("CollabAzure runs.")
    assert progress.count(" at ") == len(up.state["parts"]) == 10
    assert up.state["board"] in summary
    assert f"{up.state['app']}/api/docs" in summary
    assert "\x1b" not in up.said.out


def test_the_first_password_is_shown_and_nowhere_kept(up: Up) -> None:
    (line,) = [line for line in up.said.out.splitlines() if "password" in line]
    password = line.split()[-1]
    logs = [file.read_text(encoding="utf-8") for file in (up.home / ".local" / "logs").iterdir()]
    assert len(logs) > 5
    assert [log for log in logs if password in log] == []
    token = Client(up.state["app"]).post(
        "v1/auth/login", {"email": "admin@example.com", "password": password}
    )
    assert token["access_token"]


def test_everything_answers(up: Up) -> None:
    assert Client(up.state["app"]).get("health/ready")["status"] == "up"
    assert Client(up.state["urls"]["gateway"]).get("health/ready")["status"] == "up"
    with urllib.request.urlopen(up.state["board"], timeout=10) as page:
        assert page.status == 200


def test_a_second_one_is_not_started(up: Up) -> None:
    again = local(up.home, "up", "--free-ports")
    assert again.code == 0
    assert again.out.startswith("The local Azure runs already; ")
    assert "password" not in again.out
    foreground = local(up.home, "run", "--free-ports")
    assert foreground.code == 1
    assert f"already, by process {up.state['pid']}." in foreground.err


def test_status_for_people_and_for_programs(up: Up) -> None:
    until(lambda: up.status()["state"] == "running", "everything running")
    said = local(up.home, "status")
    assert (said.code, said.err) == (0, "")
    assert f"The local Azure runs (pid {up.state['pid']})." in said.out
    told = up.status()
    assert set(told) == {"pid", "state", "app", "board", "parts"}
    assert (told["app"], told["board"]) == (up.state["app"], up.state["board"])
    names = [part["name"] for part in told["parts"]]
    assert names[:2] == ["board", "host"]
    assert len(names) == 10
    for part in told["parts"]:
        assert set(part) == {"name", "title", "url", "pid", "state", "restarts", "since"}
        assert psutil.pid_exists(part["pid"])
        assert part["state"] == "running"


def test_every_option_reached_the_parts(up: Up) -> None:
    def words(name: str) -> str:
        return " ".join(psutil.Process(up.part(name)["pid"]).cmdline())

    assert "--reload" in words("host")
    for name in ("cosmos", "servicebus", "host", "communication", "livekit", "tsa", "blobproxy"):
        assert f"--faults {up.home}/.local/faults.json" in words(name)
    assert up.part("azurite")["url"] in words("blobproxy")


def test_keys_open_the_app(up: Up) -> None:
    said = local(up.home, "keys", "--connections")
    assert (said.code, said.err) == (0, "")
    master = next(line.split()[-1] for line in said.out.splitlines() if "master key" in line)
    url = f"{up.state['app']}/admin/host/status"
    assert Client(up.state["app"], headers={"x-functions-key": master}).get(url)
    assert "auth_create_first_administrator" in said.out
    for connection in ("AccountEndpoint=http", "Endpoint=sb://", "DefaultEndpointsProtocol=http"):
        assert connection in said.out
    assert f":{up.state['ports']['cosmos']}/" in said.out


def test_open_opens_the_board(up: Up, tmp_path: Path) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.new; mv {opened}.new {opened}\n')
    browser.chmod(0o755)
    said = local(up.home, "open", env={"BROWSER": str(browser)})
    assert (said.code, said.out) == (0, f"{up.state['board']}\n")
    until(opened.exists, "the browser")
    assert opened.read_text(encoding="utf-8") == said.out
    without = local(up.home, "open", env={"BROWSER": "/nowhere/browser"})
    assert (without.code, without.out) == (0, said.out)


def test_parts_that_crash_come_back_on_the_same_ports(up: Up) -> None:
    before = {name: up.part(name) for name in ("servicebus", "livekit")}
    admin = f"http://127.0.0.1:{up.state['ports']['service_bus_admin']}/_local/entities"
    for part in before.values():
        psutil.Process(part["pid"]).kill()

    def all_again() -> bool:
        now = [up.part(name) for name in before]
        return all(
            part["state"] == "running" and part["restarts"] == before[part["name"]]["restarts"] + 1
            for part in now
        )

    until(all_again, "the restart")
    assert local(up.home, "status").code == 0
    for name, part in before.items():
        assert (up.part(name)["url"], up.part(name)["pid"] != part["pid"]) == (part["url"], True)
    assert Client(admin).get(admin)["entities"]
    log = local(up.home, "logs", "supervisor").out
    assert "servicebus was ended by SIGKILL. It is started again in" in log
    assert "servicebus runs again." in log
    assert "restarted" in local(up.home, "status").out


def test_one_whose_note_was_destroyed_is_still_found(up: Up) -> None:
    text = state_file(up.home).read_text(encoding="utf-8")
    try:
        state_file(up.home).write_text("{", encoding="utf-8")
        assert up.status()["pid"] == json.loads(text)["pid"]
        assert "runs already" in local(up.home, "up", "--free-ports").out
    finally:
        state_file(up.home).write_text(text, encoding="utf-8")
