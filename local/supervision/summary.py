"""What the local Azure shows of itself in a terminal."""

from collections.abc import Mapping
from typing import Any

from local.azure import LocalAzure
from local.setting_up import Administrator

NAMES = {
    "host": "App (Functions host)",
    "azurite": "Blob, Queue, Table (Azurite)",
    "cosmos": "Cosmos DB",
    "servicebus": "Service Bus",
    "communication": "E-mail and SMS (messages)",
    "livekit": "LiveKit",
    "tsa": "Timestamps (RFC 3161)",
}


def progress(line: str) -> None:
    print(f"  {line}", flush=True)


def board(azure: LocalAzure, administrator: Administrator | None) -> str:
    urls = {name: process.ready["url"] for name, process in azure.processes.items()}
    dead_letters = azure.processes["servicebus"].ready["admin"]
    lines = ["", "CollabAzure runs.", "", *_addresses(urls), ""]
    lines += [
        f"  API documentation    {azure.base_url}/api/docs",
        f"  Readiness            {azure.base_url}/api/health/ready",
        f"  Sent messages        {urls['communication']}/",
        f"  Dead letters         {dead_letters}/_local/dead-letters",
        f"  Logs                 {azure.data / 'logs'}",
        "",
    ]
    if administrator:
        lines += [
            "  The first administrator, shown this once:",
            f"    e-mail    {administrator.email}",
            f"    password  {administrator.password}",
            "",
        ]
    return "\n".join(lines)


def remembered(state: Mapping[str, Any]) -> str:
    lines = [f"The local Azure runs (pid {state['pid']}).", "", *_addresses(state["urls"])]
    lines += ["", f"  API documentation    {state['urls']['host']}/api/docs"]
    return "\n".join(lines)


def _addresses(urls: Mapping[str, str]) -> list[str]:
    return [f"  {NAMES[name]:30}{urls[name]}" for name in NAMES if name in urls]
