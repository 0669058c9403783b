"""What host.json says that a local host can honour; everything else in it is left to Azure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.host import durations
from local.host.failures import IndexFailed

LEVELS = {
    "trace": "DEBUG",
    "debug": "DEBUG",
    "information": "INFO",
    "warning": "WARNING",
    "error": "ERROR",
    "critical": "CRITICAL",
    "none": "CRITICAL",
}


@dataclass(frozen=True)
class ServiceBusOptions:
    """`extensions.serviceBus`; the defaults are those of version 5 of the extension."""

    max_concurrent_calls: int = 16
    max_concurrent_sessions: int = 8
    max_message_batch_size: int = 1000
    prefetch_count: int = 0
    auto_complete_messages: bool = True
    max_auto_lock_renewal_s: float = 300.0


@dataclass(frozen=True)
class HostJson:
    """The honoured part of host.json."""

    route_prefix: str = "api"
    service_bus: ServiceBusOptions = ServiceBusOptions()
    log_level: str = "INFO"


def read(file: Path) -> HostJson:
    """Raises IndexFailed when host.json is missing, is not JSON or carries an impossible value."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return _parse(document)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise IndexFailed(f"{file} cannot be used: {error}.") from error


def _parse(document: Mapping[str, Any]) -> HostJson:
    if document.get("version") != "2.0":
        raise ValueError('"version" must be "2.0"')
    extensions = document.get("extensions", {})
    level = str(document.get("logging", {}).get("logLevel", {}).get("default", "Information"))
    if level.lower() not in LEVELS:
        raise ValueError(f"logging.logLevel.default {level!r} is unknown")
    return HostJson(
        route_prefix=str(extensions.get("http", {}).get("routePrefix", "api")).strip("/"),
        service_bus=_service_bus(extensions.get("serviceBus", {})),
        log_level=LEVELS[level.lower()],
    )


def _service_bus(given: Mapping[str, Any]) -> ServiceBusOptions:
    defaults = ServiceBusOptions()
    renewal = given.get("maxAutoLockRenewalDuration")
    return ServiceBusOptions(
        max_concurrent_calls=_at_least(1, given, "maxConcurrentCalls", 16),
        max_concurrent_sessions=_at_least(1, given, "maxConcurrentSessions", 8),
        max_message_batch_size=_at_least(1, given, "maxMessageBatchSize", 1000),
        prefetch_count=_at_least(0, given, "prefetchCount", 0),
        auto_complete_messages=bool(given.get("autoCompleteMessages", True)),
        max_auto_lock_renewal_s=(
            durations.seconds(renewal) if renewal else defaults.max_auto_lock_renewal_s
        ),
    )


def _at_least(least: int, given: Mapping[str, Any], name: str, default: int) -> int:
    value = int(given.get(name, default))
    if value < least:
        raise ValueError(f"extensions.serviceBus.{name} must be at least {least}")
    return value
