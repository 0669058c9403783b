"""One life of a host, from its settings to its end; whoever starts it says where it listens."""

import os
import sys
from pathlib import Path
from socket import socket
from typing import Protocol

from local.faults.plan import PlanRefused
from local.host import host_json, logs, settings
from local.host.engine import stop_threads
from local.host.failures import IndexFailed
from local.host.host import Host, Options, build

REFUSALS = (IndexFailed, PlanRefused, OSError)


class Starter(Protocol):
    """Whoever started the host."""

    async def built(self, host: Host) -> int | socket:
        """The app is indexed. Where is it to listen? May wait."""

    async def serves(self, url: str, host: Host) -> None:
        """It serves at `url`. Returns when it is to end."""


def prepare(options: Options) -> None:
    """Settings into the environment, the log to stderr. Raises IndexFailed or OSError."""
    settings.fill_environment(options.settings)
    logs.to_stderr(host_json.read(options.app_dir / "host.json", os.environ).log_level)
    options.data_dir.mkdir(parents=True, exist_ok=True)


async def serve(options: Options, starter: Starter) -> int:
    """Serve until `starter` has enough; says how many runs were left behind.

    Raises what REFUSALS names for an app that cannot be served.
    """
    host = await build(options)
    url = await host.start(await starter.built(host))
    await starter.serves(url, host)
    late = await host.stop()
    logs.say("stopped", late=late)
    return late


def refused(app_dir: Path, error: Exception) -> int:
    """Say why an app cannot be served; 1 is returned."""
    print(f"The app in {app_dir} cannot be served.\n{error}", file=sys.stderr, flush=True)
    return 1


def end(late: int) -> int:
    """Let go of threads. A thread that does not end would hold the process for ever."""
    stop_threads()
    if late:
        logs.warn("stopped while functions still ran", functions=late)
        sys.stderr.flush()
        os._exit(0)
    return 0
