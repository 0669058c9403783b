"""The process: what it says when it is ready, and with which words it refuses to start."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local import process
from local.process import ROOT
from tests.contract.servicebus import entities
from tests.contract.servicebus.moving import KEY


def run(*arguments: str, key: str | None = KEY) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "LOCAL_PART_KEY"}
    if key is not None:
        environment["LOCAL_PART_KEY"] = key
    return subprocess.run(
        [sys.executable, "-m", "local.servicebus", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_one_line_and_ends_when_asked(topology: Path, number: signal.Signals) -> None:
    command = process.python_part("local.servicebus", "--topology", str(topology))
    part = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "LOCAL_PART_KEY": KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert part.stdout is not None
    first = part.stdout.readline()
    ready = json.loads(first.removeprefix("ready "))
    assert sorted(ready) == ["admin", "url"]
    assert ready["url"].startswith("sb://127.0.0.1:")
    part.send_signal(number)
    rest, errors = part.communicate(timeout=10)
    assert (rest, errors, part.returncode) == ("", "", 0)


def test_without_a_key_it_refuses(topology: Path) -> None:
    for key in (None, ""):
        done = run("--topology", str(topology), key=key)
        assert done.returncode == 2
        assert "LOCAL_PART_KEY is not set" in done.stderr


def test_a_busy_port_is_named(topology: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--topology", str(topology), "--port", str(port))
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


def subscribed(**properties: object) -> dict[str, object]:
    return {"topics": [{"name": "t", "subscriptions": [{"name": "s", **properties}]}]}


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"queues": [{"name": "q"}, {"name": "Q"}]}, "'Q' is there twice"),
        ({"queues": [{"name": "q"}], "topics": [{"name": "q"}]}, "'q' is there twice"),
        ({"queues": [{"name": "q", "lockDuration": "5 minutes"}]}, "'5 minutes' is not an ISO"),
        ({"queues": [{"lockDuration": "PT1M"}]}, "name is not a str"),
        ({"queues": [{"name": "q", "requiresSession": "no"}]}, "requiresSession is not a bool"),
        (
            {"topics": [{"name": "t", "subscriptions": [{"name": "s"}, {"name": "s"}]}]},
            "'s' is there twice",
        ),
        ({"queues": [{"name": "q", "correlationFilter": {"label": "x"}}]}, "a queue has no rules"),
        ({"queues": [{"name": "q", "forwardTo": "nowhere"}]}, "no queue or topic 'nowhere'"),
        (subscribed(correlationFilter={"subject": "x"}), "'s': unknown filter conditions subject"),
        (subscribed(correlationFilter={}), "an object with conditions"),
        (
            subscribed(
                rules=[{"name": "r", "filterType": "SqlFilter", "action": {"x": "SET a=1"}}]
            ),
            "'s': rule 'r': actions are not supported",
        ),
    ],
)
def test_a_bad_topology_is_named(tmp_path: Path, part: dict[str, object], said: str) -> None:
    done = run("--topology", str(entities.write(tmp_path / "t.json", {"serviceBus": part})))
    assert done.returncode == 1
    assert said in done.stderr


def test_no_topology_at_all(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    for name in ("absent.json", "broken.json"):
        done = run("--topology", str(tmp_path / name))
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
