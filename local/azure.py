"""The whole local Azure: every part started in order, the app on top, ended in reverse."""

import asyncio
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local.configuration import (
    app_settings,
    base_url,
    cosmos_connection,
    storage_connection,
    write_settings,
)
from local.credentials import Credentials, credentials
from local.ports import HERE, Ports
from local.process import ROOT, Process, python_part, start
from local.provision import TOPOLOGY, provision

AZURITE = ROOT / "azurite" / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
Told = Callable[[str], None]


@dataclass
class LocalAzure:
    """Where it keeps its data, where it listens, and what runs."""

    data: Path
    ports: Ports
    keys: Credentials = field(init=False)
    processes: dict[str, Process] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = credentials(self.data)

    @property
    def base_url(self) -> str:
        return base_url(self.ports)

    def log(self, name: str) -> Path:
        return self.data / "logs" / f"{name}.log"

    def start(self, told: Told) -> None:
        """Everything, the independent parts at once. Raises PartFailed; then nothing is left."""
        try:
            with ThreadPoolExecutor() as pool:
                for process in pool.map(self.start_part, PARTS):
                    told(f"{process.name} at {process.ready['url']}")
            asyncio.run(
                provision(
                    cosmos=cosmos_connection(self.ports, self.keys),
                    blob=storage_connection(self.ports, self.keys),
                )
            )
            self.start_host()
            told(
                f"app at {self.base_url} with {self.processes['host'].ready['functions']} functions"
            )
        except BaseException:
            self.stop()
            raise

    def start_part(self, name: str) -> Process:
        """One part, also again after it was ended."""
        self.processes[name] = PARTS[name](self)
        return self.processes[name]

    def start_host(self) -> Process:
        """The app itself, once everything that it needs is there."""
        tsa = f"http://{HERE}:{self.ports.tsa}/ca.pem"
        with urllib.request.urlopen(tsa, timeout=10) as response:
            roots = response.read().decode()
        settings = self.data / "local.settings.json"
        values = app_settings(self.ports, self.keys, roots)
        write_settings(settings, values)
        arguments = ("--app", str(ROOT), "--settings", str(settings))
        env = {
            **values,  # the environment wins over the file, and may hold somebody else's
            "LOCAL_MASTER_KEY": self.keys.master_key,
            "LOCAL_FUNCTION_KEY": self.keys.function_key,
        }
        self.processes["host"] = self.own("host", self.ports.host, env, *arguments)
        return self.processes["host"]

    def own(self, name: str, port: int, env: Mapping[str, str], *more: str) -> Process:
        """One of our own parts; its module is local.<name>, its data folder <data>/<name>."""
        arguments = ("--port", str(port), "--data", str(self.data / name), *more)
        command = python_part(f"local.{name}", *arguments)
        return start(name, command, log=self.log(name), env=env)

    def stop(self) -> None:
        """The app first, so that nothing it does fails for want of a part."""
        if host := self.processes.pop("host", None):
            host.stop(grace_s=25)
        for process in self.processes.values():
            process.popen.terminate()
        for process in self.processes.values():
            process.stop()
        self.processes.clear()


def _azurite(azure: LocalAzure) -> Process:
    where = azure.data / "azurite"
    where.mkdir(parents=True, exist_ok=True)
    command = ["node", str(AZURITE), "--location", str(where), "--silent", "--loose"]
    command += ["--skipApiVersionCheck", "--disableTelemetry"]
    for service, port in (
        ("blob", azure.ports.blob),
        ("queue", azure.ports.queue),
        ("table", azure.ports.table),
    ):
        command += [f"--{service}Host", HERE, f"--{service}Port", str(port)]
    url = f"http://{HERE}:{azure.ports.blob}"

    def announcement(line: str) -> dict[str, str] | None:
        return {"url": url} if "Table service is successfully listening" in line else None

    account = {"AZURITE_ACCOUNTS": f"{azure.keys.storage_account}:{azure.keys.storage_key}"}
    return start(
        "azurite", command, log=azure.log("azurite"), env=account, announcement=announcement
    )


def _cosmos(azure: LocalAzure) -> Process:
    return azure.own("cosmos", azure.ports.cosmos, {"LOCAL_PART_KEY": azure.keys.cosmos_key})


def _service_bus(azure: LocalAzure) -> Process:
    env = {"LOCAL_PART_KEY": azure.keys.service_bus_key}
    return azure.own("servicebus", azure.ports.service_bus, env, "--topology", str(TOPOLOGY))


def _communication(azure: LocalAzure) -> Process:
    env = {"LOCAL_PART_KEY": azure.keys.communication_key}
    return azure.own("communication", azure.ports.communication, env)


def _livekit(azure: LocalAzure) -> Process:
    env = {
        "LIVEKIT_API_KEY": azure.keys.livekit_key,
        "LIVEKIT_API_SECRET": azure.keys.livekit_secret,
    }
    webhook = f"{azure.base_url}/api/v1/calls/webhooks/livekit"
    return azure.own("livekit", azure.ports.livekit, env, "--webhook", webhook)


def _tsa(azure: LocalAzure) -> Process:
    return azure.own("tsa", azure.ports.tsa, {})


PARTS: dict[str, Callable[[LocalAzure], Process]] = {
    "azurite": _azurite,
    "cosmos": _cosmos,
    "servicebus": _service_bus,
    "communication": _communication,
    "livekit": _livekit,
    "tsa": _tsa,
}


@contextmanager
def running(data: Path, ports: Ports, told: Told) -> Iterator[LocalAzure]:
    """For as long as it is needed."""
    azure = LocalAzure(data, ports)
    azure.start(told)
    try:
        yield azure
    finally:
        azure.stop()
