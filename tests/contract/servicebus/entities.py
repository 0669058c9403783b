"""The entities that these tests run on: a topology with a fresh one of its kind for every test."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

KINDS: dict[str, dict[str, object]] = {
    "plain": {"lockDuration": "PT1M"},
    "short": {"lockDuration": "PT5S"},
    "few": {"lockDuration": "PT1M", "maxDeliveryCount": 2},
    "large": {"lockDuration": "PT1M", "maxMessageSizeInKilobytes": 1024},
    "session": {"lockDuration": "PT1M", "requiresSession": True},
    "unique": {"lockDuration": "PT1M", "duplicateDetectionHistoryTimeWindow": "PT10M"},
    "mortal": {"lockDuration": "PT1M", "deadLetteringOnMessageExpiration": True},
}
EACH = 40
SUBSCRIPTIONS: list[dict[str, object]] = [
    {"name": "all", "lockDuration": "PT1M"},
    {"name": "red", "correlationFilter": {"label": "red"}},
    {"name": "kind", "correlationFilter": {"properties": {"kind": "a"}}},
    {"name": "both", "correlationFilter": {"label": "red", "correlationId": "c-1"}},
    {"name": "ordered", "requiresSession": True, "correlationFilter": {"label": "ordered"}},
]


def topology() -> dict[str, object]:
    queues = [
        {"name": f"{kind}-{number}", **properties}
        for kind, properties in KINDS.items()
        for number in range(EACH)
    ]
    topics = [{"name": f"topic-{number}", "subscriptions": SUBSCRIPTIONS} for number in range(EACH)]
    topics += [
        {
            "name": f"unique-topic-{number}",
            "duplicateDetectionHistoryTimeWindow": "PT10M",
            "subscriptions": SUBSCRIPTIONS,
        }
        for number in range(EACH)
    ]
    return {"serviceBus": {"queues": queues, "topics": topics}}


def write(path: Path, content: dict[str, object] | None = None) -> Path:
    path.write_text(json.dumps(content or topology()), encoding="utf-8")
    return path


@dataclass
class Unused:
    """Names of entities that no test has touched yet."""

    _taken: Counter[str] = field(default_factory=Counter)

    def __call__(self, kind: str) -> str:
        number = self._taken[kind]
        self._taken[kind] += 1
        assert number < EACH, f"the topology has too few of '{kind}'"
        return f"{kind}-{number}"
