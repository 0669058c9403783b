"""What host.json says that a local host can honour; everything else in it is left to Azure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.host import host_json_keys, logs, retry
from local.host.failures import IndexFailed
from local.host.host_json_keys import Idle
from local.host.host_settings import HostSettings
from local.host.retry import RetryPolicy
from local.host.servicebus.options import ServiceBusOptions, options

LEVELS = {
    "trace": "DEBUG",
    "debug": "DEBUG",
    "information": "INFO",
    "warning": "WARNING",
    "error": "ERROR",
    "critical": "CRITICAL",
    "none": "CRITICAL",
}
# Of every plan but the old Consumption plan.
FUNCTION_TIMEOUT_S = 30 * 60.0
ENDLESS = "-1"


@dataclass(frozen=True)
class HostJson:
    """The honoured part of host.json. No timeout is None; no list of functions means all."""

    route_prefix: str = "api"
    service_bus: ServiceBusOptions = field(default_factory=ServiceBusOptions)
    log_level: str = "INFO"
    function_timeout_s: float | None = FUNCTION_TIMEOUT_S
    retry: RetryPolicy | None = None
    functions: frozenset[str] | None = None
    idle: Idle = field(default_factory=Idle)

    def say_what_is_idle(self) -> None:
        """Once, at the start."""
        if self.idle.unknown:
            logs.warn("host.json has unknown settings", settings=self.idle.unknown)
        if self.idle.azure_only:
            logs.say("host.json has settings for Azure alone", settings=self.idle.azure_only)


def read(file: Path, environment: Mapping[str, str] | None = None) -> HostJson:
    """Raises IndexFailed when host.json is missing, is not JSON or carries an impossible value."""
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
        if not isinstance(document, dict):
            raise TypeError("it must be an object")  # noqa: TRY301 - one place says which file
        return _parse(HostSettings(document, environment or {}))
    except (OSError, ValueError, TypeError) as error:
        raise IndexFailed(f"{file} cannot be used: {error}.") from error


def _parse(settings: HostSettings) -> HostJson:
    if settings.text("version", "") != "2.0":
        raise ValueError('"version" must be "2.0"')
    level = settings.text("logging.logLevel.default", "Information")
    if level.lower() not in LEVELS:
        raise ValueError(f"logging.logLevel.default {level!r} is unknown")
    functions = settings.several("functions")
    return HostJson(
        route_prefix=settings.text("extensions.http.routePrefix", "api").strip("/"),
        service_bus=options(settings),
        log_level=LEVELS[level.lower()],
        function_timeout_s=_function_timeout(settings),
        retry=retry.of_host(settings),
        functions=None if functions is None else frozenset(each.lower() for each in functions),
        idle=host_json_keys.idle(settings),
    )


def _function_timeout(settings: HostSettings) -> float | None:
    if settings.text("functionTimeout", "").strip() in {ENDLESS, "-1.00:00:00"}:
        return None
    timeout_s = settings.span_s("functionTimeout", FUNCTION_TIMEOUT_S)
    if timeout_s < 1:
        raise ValueError("functionTimeout must be at least 00:00:01, or -1 for none")
    return timeout_s
