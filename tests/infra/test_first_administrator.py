"""The hook after a deployment, run by a real shell against a host and an `az` of our own."""

import json
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.infra.bicep import FOLDER

SCRIPT = FOLDER / "hooks" / "first-administrator.sh"
KEY = "bWFzdGVyLWtleQ=="
PASSWORD = "Zx-9_generated"  # the alphabet of secrets.token_urlsafe
CREATED = {"id": "1", "email": "ops@example.com", "generated_password": PASSWORD}
Answers = list[tuple[int, dict[str, Any]]]


class Host(ThreadingHTTPServer):
    """Gives each answer once and the last one for ever, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, answers: Answers) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.answers = answers
        self.asked: list[tuple[str, str | None, Any]] = []


class Request(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        host = self.server
        assert isinstance(host, Host)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        host.asked.append((self.path, self.headers["x-functions-key"], json.loads(body)))
        status, answer = host.answers.pop(0) if len(host.answers) > 1 else host.answers[0]
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def host(*answers: tuple[int, dict[str, Any]]) -> Generator[Host]:
    server = Host(list(answers))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def az(tmp_path: Path) -> Path:
    """Stands in for the Azure CLI: it gives the key to whoever asks for this app's, once ready."""
    program = tmp_path / "az"
    program.write_text(
        "#!/bin/sh\n"
        '[ "$*" = "functionapp keys list --resource-group rg-test --name func-test'
        ' --query masterKey --output tsv" ] || exit 2\n'
        f"echo {KEY}\n"
    )
    program.chmod(0o755)
    return program


def run(az: Path, url: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{az.parent}:{os.environ['PATH']}",
        "AZURE_RESOURCE_GROUP": "rg-test",
        "AZURE_FUNCTION_NAME": "func-test",
        "AZURE_FUNCTION_URL": url,
        "COLLAB_OPERATOR_EMAIL": "ops@example.com",
        "COLLAB_ADMIN_PAUSE_S": "0",
        "COLLAB_ADMIN_TRIES": "3",
        "NO_PROXY": "127.0.0.1",
        **more,
    }
    return subprocess.run(
        ["sh", str(SCRIPT)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def address(server: Host) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_the_password_is_shown_once(az: Path) -> None:
    with host((201, CREATED)) as server:
        done = run(az, address(server))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(PASSWORD) == 1
    assert KEY not in done.stdout + done.stderr
    body = {"email": "ops@example.com"}
    assert server.asked == [("/api/v1/auth/first-administrator", KEY, body)]


def test_another_address_may_be_named(az: Path) -> None:
    with host((201, CREATED)) as server:
        run(az, address(server), COLLAB_ADMIN_EMAIL="ann+admin@example.com")
    assert server.asked[0][2] == {"email": "ann+admin@example.com"}


def test_a_second_deployment_changes_nothing(az: Path) -> None:
    with host((409, {"type": "/problems/already-set-up"})) as server:
        done = run(az, address(server))
    assert done.returncode == 0
    assert "already" in done.stdout
    assert len(server.asked) == 1


def test_it_waits_until_roles_are_known_and_the_app_is_up(az: Path) -> None:
    with host((401, {}), (503, {}), (201, CREATED)) as server:
        done = run(az, address(server))
    assert done.returncode == 0
    assert PASSWORD in done.stdout
    assert len(server.asked) == 3


def test_it_gives_up_and_says_how_to_go_on(az: Path) -> None:
    with host((503, {})) as server:
        done = run(az, address(server))
    assert done.returncode == 1
    assert "azd hooks run postdeploy" in done.stderr
    assert len(server.asked) == 3


def test_nobody_listens(az: Path) -> None:
    with host((201, CREATED)) as server:
        url = address(server)
    done = run(az, url)
    assert done.returncode == 1
    assert "status 000" in done.stdout


def test_a_refused_address_is_not_tried_again(az: Path) -> None:
    with host((422, {"type": "/problems/invalid", "detail": "email"})) as server:
        done = run(az, address(server))
    assert done.returncode == 1
    assert "/problems/invalid" in done.stderr
    assert len(server.asked) == 1


def test_an_address_that_would_break_out_of_the_body_is_refused(az: Path) -> None:
    with host((201, CREATED)) as server:
        done = run(az, address(server), COLLAB_ADMIN_EMAIL='a@example.com", "name": "x')
    assert done.returncode == 1
    assert server.asked == []


@pytest.mark.parametrize("variable", ["CI", "TF_BUILD"])
def test_no_password_in_a_build_log(az: Path, variable: str) -> None:
    with host((201, CREATED)) as server:
        done = run(az, address(server), **{variable: "true"})
    assert done.returncode == 0
    assert server.asked == []
    assert PASSWORD not in done.stdout


def test_without_a_provisioned_deployment_it_says_so(az: Path) -> None:
    done = run(az, "http://127.0.0.1:9", AZURE_FUNCTION_NAME="")
    assert done.returncode != 0
    assert "AZURE_FUNCTION_NAME" in done.stderr
