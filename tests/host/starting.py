"""Starting the host and the broker as real processes, and asking them."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from local import process
from local.process import Process

APPS = Path(__file__).parent / "apps"
MASTER = "a-master-key"
FUNCTION = "a-function-key"
CONNECTIONS = ("COSMOS", "SERVICE_BUS", "BLOB")  # of other tests, which would win over ours
T = TypeVar("T")


@dataclass
class Served:
    """An app behind its host."""

    process: Process
    client: httpx.Client
    log: Path

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def admin(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"x-functions-key": MASTER}
        return self.client.request(method, f"/admin/{path}", headers=headers, **options)

    def seen(self, function: str = "") -> list[dict[str, Any]]:
        """What the app noted."""
        params = {"function": function} if function else {}
        found: list[dict[str, Any]] = self.get("/api/seen", params=params).json()["seen"]
        return found

    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines of the host's log."""
        text = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in text if line.startswith("{")]


def serve(
    app: Path | str,
    folder: Path,
    settings: Mapping[str, object] | None = None,
    *,
    data: Path | None = None,
    arguments: tuple[str, ...] = (),
) -> Served:
    """Start the host on an app of `apps/`, or on a folder."""
    app_dir = APPS / app if isinstance(app, str) else app
    values = {"LOCAL_MASTER_KEY": MASTER, "LOCAL_FUNCTION_KEY": FUNCTION, **(settings or {})}
    file = folder / "local.settings.json"
    file.write_text(json.dumps({"IsEncrypted": False, "Values": values}), encoding="utf-8")
    places = ("--app", str(app_dir), "--data", str(data or folder / "data"))
    command = process.python_part(
        "local.host", "--port", "0", *places, "--settings", str(file), *arguments
    )
    log = folder / "host.log"
    started = process.start("host", command, log=log, env=dict.fromkeys(CONNECTIONS))
    client = httpx.Client(base_url=started.ready["url"], timeout=30, trust_env=False)
    return Served(started, client, log)


def eventually(ask: Callable[[], T], within_s: float = 20.0) -> T:
    """What `ask` gives, once it gives something true. Fails after `within_s` seconds."""
    ends = time.monotonic() + within_s
    while True:
        found = ask()
        if found:
            return found
        if time.monotonic() > ends:
            raise AssertionError(f"It did not happen within {within_s} s; the last was {found!r}.")
        time.sleep(0.05)
