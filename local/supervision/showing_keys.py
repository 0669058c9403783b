"""`python -m local keys`: the keys that open the app, function by function, and connections."""

import argparse
import json
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local.configuration import cosmos_connection, service_bus_connection, storage_connection
from local.credentials import Credentials, credentials
from local.host.key_list import Keyed, describe, described
from local.ports import Ports

TIMEOUT_S = 5


def main(arguments: Sequence[str], data: Path, state: Mapping[str, Any] | None) -> int:
    """`state` is that of the running local Azure, if any. Raises CannotStart for broken keys."""
    parser = argparse.ArgumentParser(prog="python -m local keys")
    parser.add_argument(
        "--connections", action="store_true", help="connection strings for the SDKs and for tools"
    )
    with_connections = parser.parse_args(arguments).connections
    if not (data / "credentials.json").exists():
        print("There are no keys yet. `python3 -m local up` makes them.")
        return 1
    keys = credentials(data)
    url = (state or {}).get("app")
    functions = _functions(str(url), keys.master_key) if url else []
    if functions:
        print("\n".join(describe(keys.master_key, keys.function_key, functions, url=str(url))))
    else:
        print(f"master key   {keys.master_key}\nfunction key {keys.function_key}")
        print("\nWhile the app runs, this shows also which function needs which key.")
    if with_connections:
        print("\n" + "\n".join(_connections(_ports(state), keys)))
    return 0


def _functions(url: str, master_key: str) -> list[Keyed]:
    """Empty while the app cannot be asked."""
    request = urllib.request.Request(
        f"{url}/admin/functions", headers={"x-functions-key": master_key}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            return described(json.load(response))
    except (OSError, ValueError):
        return []


def _connections(ports: Ports, keys: Credentials) -> list[str]:
    return [
        f"Cosmos DB    {cosmos_connection(ports, keys)}",
        f"Service Bus  {service_bus_connection(ports, keys)}",
        f"Storage      {storage_connection(ports, keys)}",
    ]


def _ports(state: Mapping[str, Any] | None) -> Ports:
    """Those that are in use, or the usual ones."""
    try:
        return Ports(**(state or {})["ports"])
    except (KeyError, TypeError):
        return Ports()
