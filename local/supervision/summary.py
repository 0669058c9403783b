"""What the local Azure shows of itself in a terminal: short, and at most 80 columns wide."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.azure import LocalAzure
from local.parts import TITLES
from local.setting_up import Administrator
from local.supervision.terminal import painted

WIDTH = 20
COLOURS = {"running": "green", "starting": "yellow", "restarting": "yellow", "down": "red"}
PARTS = ("cosmos", "servicebus", "azurite", "blobproxy", "communication", "livekit", "tsa")


def progress(line: str) -> None:
    print(f"  {line}", flush=True)


def board(
    azure: LocalAzure,
    administrator: Administrator | None,
    *,
    seconds: float | None = None,
    colours: bool = False,
) -> str:
    """What people want first stands first."""
    urls = {name: process.ready["url"] for name, process in azure.processes.items()}
    after = "" if seconds is None else f" It took {seconds:.1f} s."
    first = {
        "Board": urls.get("board"),
        "App": urls["host"],
        "API documentation": f"{urls['host']}/api/docs",
        "Sent messages": f"{urls['communication']}/",
        "API, by gateway": f"{urls['gateway']}/api" if "gateway" in urls else None,
    }
    lines = ["", painted(f"CollabAzure runs.{after}", "bold", on=colours), ""]
    lines += [_line(title, painted(url, "cyan", on=colours)) for title, url in first.items() if url]
    lines += ["", *(_line(TITLES[name], urls[name]) for name in PARTS if name in urls), ""]
    if azure.faults is not None:
        lines += [_line("Faults", painted(str(azure.faults), "yellow", on=colours)), ""]
    if administrator:
        lines += [
            painted("  The first administrator, shown this once:", "bold", on=colours),
            _line("  e-mail", administrator.email),
            _line("  password", administrator.password),
            "",
        ]
    lines += [painted("  make open, logs, status, keys, down", "dim", on=colours)]
    return "\n".join(lines)


def remembered(state: Mapping[str, Any], now: datetime, *, colours: bool = False) -> str:
    """`state` as `status --json` shows it."""
    head = f"The local Azure {_whole(state)}" + (f" (pid {state['pid']})." if state["pid"] else ".")
    lines = [painted(head, "bold", on=colours), ""]
    for part in state["parts"]:
        shown = painted(f"{part['state']:11}", COLOURS[part["state"]], on=colours)
        lines.append(f"  {part['title']:{WIDTH}}{shown}{_for(part, now):>7}  {part['url']}")
        if part["restarts"]:
            times = "once" if part["restarts"] == 1 else f"{part['restarts']} times"
            lines.append(f"  {'':{WIDTH}}restarted {times}")
        if part["state"] == "down":
            lines.append(f"  {'':{WIDTH}}`python3 -m local logs {part['name']}` shows why")
    lines += ["", _line("API documentation", f"{state['app']}/api/docs")] if state["app"] else []
    return "\n".join(lines)


def _whole(state: Mapping[str, Any]) -> str:
    return {"running": "runs", "starting": "starts", "ending": "ends"}.get(
        state["state"], "does not run whole"
    )


def _for(part: Mapping[str, Any], now: datetime) -> str:
    """How long its state lasts, as `12 s`, `3 min` or `2 h`."""
    try:
        seconds = (now - datetime.fromisoformat(part["since"]).astimezone(UTC)).total_seconds()
    except ValueError:
        return ""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def _line(title: str, value: str) -> str:
    return f"  {title:{WIDTH}}{value}"
