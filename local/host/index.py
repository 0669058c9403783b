"""The functions of an app as the host serves them: one trigger each, settings filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local.host import settings as app_settings
from local.host.engine import EngineFunction
from local.host.failures import IndexFailed
from local.host.retry import RetryPolicy, policy

HTTP = "httpTrigger"
SERVICE_BUS = "serviceBusTrigger"
TIMER = "timerTrigger"
COSMOS = "cosmosDBTrigger"
REPEATED_BY_THE_HOST = frozenset({TIMER, COSMOS})
SERVED = frozenset({HTTP, SERVICE_BUS, TIMER, COSMOS})


@dataclass(frozen=True)
class IndexedFunction:
    """A function with its one trigger, whose properties have no `%name%` left in them."""

    id: str
    name: str
    trigger: Mapping[str, Any]
    retry: RetryPolicy | None
    disabled: bool

    @property
    def kind(self) -> str:
        """The type of the trigger, such as `httpTrigger`."""
        return str(self.trigger["type"])

    @property
    def argument(self) -> str:
        """The parameter that receives what the trigger brings."""
        return str(self.trigger["name"])


def build(
    functions: Iterable[EngineFunction],
    settings: Mapping[str, str],
    retry: RetryPolicy | None = None,
) -> tuple[IndexedFunction, ...]:
    """`retry` is for functions without a policy of their own, where Azure honours policies.

    Raises IndexFailed for a trigger or binding that the local host does not serve.
    """
    return tuple(_indexed(function, settings, retry) for function in functions)


def of_kind(functions: Iterable[IndexedFunction], kind: str) -> tuple[IndexedFunction, ...]:
    """Those that listen to one kind of trigger, without the disabled ones."""
    return tuple(each for each in functions if each.kind == kind and not each.disabled)


def only(
    functions: tuple[IndexedFunction, ...], names: frozenset[str] | None
) -> tuple[IndexedFunction, ...]:
    """Those that host.json lists under `functions`, in lower case; without a list, all."""
    return tuple(each for each in functions if names is None or each.name.lower() in names)


def _indexed(
    function: EngineFunction, settings: Mapping[str, str], retry: RetryPolicy | None
) -> IndexedFunction:
    triggers = [each for each in function.bindings if each["type"].endswith("Trigger")]
    if len(triggers) != 1 or triggers[0]["type"] not in SERVED:
        kinds = [each["type"] for each in triggers] or "none"
        raise IndexFailed(f"Function {function.name}: the local host cannot serve trigger {kinds}.")
    for binding in function.bindings:
        if binding is not triggers[0] and binding["type"] != "http":
            raise IndexFailed(
                f"Function {function.name}: the local host does not serve the binding "
                f"{binding['type']} ({binding['name']}); use the service's SDK."
            )
    return IndexedFunction(
        id=function.id,
        name=function.name,
        trigger=_expanded(function.name, triggers[0], settings),
        retry=policy(function.retry)
        or (retry if triggers[0]["type"] in REPEATED_BY_THE_HOST else None),
        disabled=app_settings.is_disabled(function.name, settings),
    )


def _expanded(
    function: str, trigger: Mapping[str, Any], settings: Mapping[str, str]
) -> dict[str, Any]:
    try:
        return {
            name: app_settings.expand(value, settings) if isinstance(value, str) else value
            for name, value in trigger.items()
        }
    except KeyError as error:
        raise IndexFailed(
            f"Function {function}: setting {error.args[0]} is missing; "
            f"its {trigger['type']} needs it."
        ) from error
