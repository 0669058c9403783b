"""A function in the words of people: which capability, what starts it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from local.host.timers import ncrontab

Trigger = Literal["http", "servicebus", "timer", "cosmos"]
TRIGGERS: Mapping[str, Trigger] = {
    "httpTrigger": "http",
    "serviceBusTrigger": "servicebus",
    "timerTrigger": "timer",
    "cosmosDBTrigger": "cosmos",
}


@dataclass(frozen=True)
class Function:
    """`entity` is the queue or subscription that a message function listens to."""

    name: str
    capability: str
    trigger: str
    summary: str
    disabled: bool
    entity: str = ""
    schedule: str = ""

    @property
    def runs_jobs(self) -> bool:
        """A queue holds wishes, a topic facts."""
        return bool(self.entity) and "/" not in self.entity


def function(told: Mapping[str, Any]) -> Function:
    """Of one item of the host's `/admin/functions`."""
    name, binding = str(told.get("name", "")), dict(told.get("binding") or {})
    kind = str(told.get("trigger", ""))
    topic = binding.get("topicName")
    return Function(
        name=name,
        capability=name.partition("_")[0],
        trigger=TRIGGERS.get(kind, kind),
        summary=_summary(name, kind, binding),
        disabled=bool(told.get("disabled")),
        entity=f"{topic}/Subscriptions/{binding.get('subscriptionName')}"
        if topic
        else str(binding.get("queueName") or ""),
        schedule=str(binding.get("schedule") or ""),
    )


def next_run(described: Function, after: datetime) -> datetime | None:
    """When a timer is due; None for anything else."""
    if described.disabled or not described.schedule:
        return None
    try:
        return ncrontab.parse(described.schedule).next_after(after)
    except ValueError:
        return None


def _summary(name: str, kind: str, binding: Mapping[str, Any]) -> str:
    match TRIGGERS.get(kind):
        case "http":
            methods = "|".join(str(each) for each in binding.get("methods") or ("ANY",))
            return f"{methods} {binding.get('route') or name}"
        case "servicebus" if binding.get("topicName"):
            return f"topic {binding['topicName']} / {binding.get('subscriptionName')}"
        case "servicebus":
            return f"queue {binding.get('queueName')}"
        case "timer":
            return str(binding.get("schedule") or "")
        case "cosmos":
            return f"changes of {binding.get('containerName')}"
    return kind
