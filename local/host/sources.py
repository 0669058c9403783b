"""Which kinds of trigger this host serves besides HTTP."""

from collections.abc import Mapping
from pathlib import Path

from local.host.cosmos.source import CosmosSource
from local.host.host_json import HostJson
from local.host.invocations import Invocations
from local.host.listeners import Source
from local.host.servicebus.source import ServiceBusSource
from local.host.timers.clock import SystemClock
from local.host.timers.source import TimerSource


def sources(
    invocations: Invocations, configured: HostJson, settings: Mapping[str, str], data_dir: Path
) -> tuple[Source, ...]:
    """One of each kind."""
    return (
        ServiceBusSource(invocations, configured.service_bus, settings),
        TimerSource(invocations, data_dir, SystemClock(), settings),
        CosmosSource(invocations, settings, data_dir),
    )
