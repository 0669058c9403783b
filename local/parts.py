"""How each part is run: its command, its port, what it is told of the others."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from local.configuration import app_settings, base_url, write_settings
from local.credentials import Credentials
from local.ports import HERE, Ports
from local.private_files import write_private
from local.process import ROOT, Command, python_part
from local.provision import TOPOLOGY
from local.refusals import CannotStart

AZURITE = ROOT / "azurite" / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
INDEPENDENT = ("azurite", "cosmos", "servicebus", "communication", "livekit", "tsa")
PROXY = "blobproxy"  # stands before Azurite where faults are wanted
APP = "host"
FRONT = ("gateway", "board")
TITLES = {  # in the order in which people want them
    "board": "Board",
    "host": "App",
    "gateway": "Gateway",
    "cosmos": "Cosmos DB",
    "servicebus": "Service Bus",
    "azurite": "Blob, Queue, Table",
    "blobproxy": "Blob with faults",
    "communication": "E-mail and SMS",
    "livekit": "LiveKit",
    "tsa": "Timestamps",
}


class Place(Protocol):
    """What the commands are made of."""

    data: Path
    ports: Ports
    keys: Credentials
    reload: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Of all the parts that it has."""

    @property
    def plan(self) -> Path | None:
        """The faults that every part is handed."""

    @property
    def blob_behind(self) -> int:
        """Where Azurite itself listens for blobs."""

    @property
    def timestamp_roots(self) -> str:
        """PEM."""

    def log(self, name: str) -> Path: ...


def url_of(place: Place, name: str) -> str:
    """Where a part is to be found, also while it is not ready."""
    ports = place.ports
    port = {
        "azurite": place.blob_behind,
        "blobproxy": ports.blob,
        "servicebus": ports.service_bus,
    }.get(name) or getattr(ports, name)
    return f"{'sb' if name == 'servicebus' else 'http'}://{HERE}:{port}"


def command(place: Place, name: str) -> Command:
    """What runs a part; its data folder is <data>/<name>. Raises CannotStart."""
    return COMMANDS[name](place)


def _own(place: Place, name: str, port: int, env: Mapping[str, str], *more: str) -> Command:
    """One of our own parts; its module is local.<name>."""
    arguments = ["--port", str(port), "--data", str(place.data / name), *more]
    if place.plan is not None and name not in FRONT:
        arguments += ["--faults", str(place.plan)]
    return Command(python_part(f"local.{name}", *arguments), env)


def _azurite(place: Place) -> Command:
    if not AZURITE.exists():
        raise CannotStart(
            f"Azurite is not installed in {AZURITE.parents[4]}. `python3 -m local setup` does it."
        )
    where = place.data / "azurite"
    where.mkdir(parents=True, exist_ok=True)
    words = ["node", str(AZURITE), "--location", str(where), "--silent", "--loose"]
    words += ["--skipApiVersionCheck", "--disableTelemetry"]
    listening = (
        ("blob", place.blob_behind),
        ("queue", place.ports.queue),
        ("table", place.ports.table),
    )
    for service, port in listening:
        words += [f"--{service}Host", HERE, f"--{service}Port", str(port)]
    url = url_of(place, "azurite")

    def announcement(line: str) -> dict[str, str] | None:
        return {"url": url} if "Table service is successfully listening" in line else None

    account = {"AZURITE_ACCOUNTS": f"{place.keys.storage_account}:{place.keys.storage_key}"}
    return Command(words, account, announcement)


def _blob_proxy(place: Place) -> Command:
    return _own(place, PROXY, place.ports.blob, {}, "--upstream", url_of(place, "azurite"))


def _cosmos(place: Place) -> Command:
    return _own(place, "cosmos", place.ports.cosmos, {"LOCAL_PART_KEY": place.keys.cosmos_key})


def _service_bus(place: Place) -> Command:
    env = {"LOCAL_PART_KEY": place.keys.service_bus_key}
    more = ("--admin-port", str(place.ports.service_bus_admin), "--topology", str(TOPOLOGY))
    return _own(place, "servicebus", place.ports.service_bus, env, *more)


def _communication(place: Place) -> Command:
    env = {"LOCAL_PART_KEY": place.keys.communication_key}
    return _own(place, "communication", place.ports.communication, env)


def _livekit(place: Place) -> Command:
    env = {
        "LIVEKIT_API_KEY": place.keys.livekit_key,
        "LIVEKIT_API_SECRET": place.keys.livekit_secret,
    }
    webhook = f"{base_url(place.ports)}/api/v1/calls/webhooks/livekit"
    return _own(place, "livekit", place.ports.livekit, env, "--webhook", webhook)


def _tsa(place: Place) -> Command:
    return _own(place, "tsa", place.ports.tsa, {})


def _settings(place: Place) -> dict[str, str]:
    keys = place.data.resolve() / "keys"
    return app_settings(place.ports, place.keys, place.timestamp_roots, keys)


def _host(place: Place) -> Command:
    """The app itself, once everything that it needs is there."""
    settings = place.data / "local.settings.json"
    values = _settings(place)
    write_settings(settings, values)
    env = {
        **values,  # the environment wins over the file, and may hold somebody else's
        "LOCAL_MASTER_KEY": place.keys.master_key,
        "LOCAL_FUNCTION_KEY": place.keys.function_key,
    }
    more = ["--app", str(ROOT), "--settings", str(settings)]
    more += ["--reload"] if place.reload else []
    return _own(place, APP, place.ports.host, env, *more)


def _gateway(place: Place) -> Command:
    return _own(place, "gateway", place.ports.gateway, {}, "--upstream", base_url(place.ports))


def _board(place: Place) -> Command:
    """Its file holds every key: the page must never show one, and nobody else may read it."""
    urls = {name: url_of(place, name) for name in place.names}
    urls |= {"azurite": f"http://{HERE}:{place.ports.blob}"}
    urls |= {"servicebus_admin": f"http://{HERE}:{place.ports.service_bus_admin}"}
    file = place.data / "board.json"
    known = {
        "urls": urls,
        "settings": _settings(place),
        "master_key": place.keys.master_key,
        "logs": str(place.log("host").parent),
        "state": str(place.data / "state.json"),
    }
    write_private(file, known)
    return _own(place, "board", place.ports.board, {}, "--azure", str(file))


COMMANDS: dict[str, Callable[[Place], Command]] = {
    "azurite": _azurite,
    "blobproxy": _blob_proxy,
    "cosmos": _cosmos,
    "servicebus": _service_bus,
    "communication": _communication,
    "livekit": _livekit,
    "tsa": _tsa,
    "host": _host,
    "gateway": _gateway,
    "board": _board,
}
