"""The entities that these tests run on: a topology with a fresh one of its kind for every test.

`python -m tests.contract.servicebus.entities` writes topology.json beside this file: the fewer ones
that a foreign endpoint needs, within what Microsoft's emulator allows (50 queues and topics).
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

KINDS: dict[str, dict[str, object]] = {
    "plain": {"lockDuration": "PT1M"},
    "short": {"lockDuration": "PT5S"},
    "few": {"lockDuration": "PT1M", "maxDeliveryCount": 2},
    "large": {"lockDuration": "PT1M", "maxMessageSizeInKilobytes": 1024},
    "session": {"lockDuration": "PT1M", "requiresSession": True},
    "unique": {"lockDuration": "PT1M", "duplicateDetectionHistoryTimeWindow": "PT10M"},
    "mortal": {"lockDuration": "PT1M", "deadLetteringOnMessageExpiration": True},
    "huge": {"lockDuration": "PT1M", "maxMessageSizeInKilobytes": 102_400},
    "small": {"lockDuration": "PT1M", "maxSizeInMegabytes": 1},
    "passing": {"forwardTo": "plain-79"},
}
EACH = 80
SUBSCRIPTIONS: list[dict[str, object]] = [
    {"name": "all", "lockDuration": "PT1M"},
    {"name": "red", "correlationFilter": {"label": "red"}},
    {"name": "kind", "correlationFilter": {"properties": {"kind": "a"}}},
    {"name": "both", "correlationFilter": {"label": "red", "correlationId": "c-1"}},
    {
        "name": "sql",
        "rules": [
            {
                "name": "heavy",
                "filterType": "SqlFilter",
                "sqlFilter": {"sqlExpression": "weight > 10 AND sys.Label LIKE 'r%'"},
            },
            {"name": "first", "correlationFilter": {"correlationId": "c-1"}},
        ],
    },
    {"name": "ordered", "requiresSession": True, "correlationFilter": {"label": "ordered"}},
]


TOPICS: dict[str, dict[str, object]] = {
    "topic": {"subscriptions": SUBSCRIPTIONS},
    "unique-topic": {
        "duplicateDetectionHistoryTimeWindow": "PT10M",
        "subscriptions": SUBSCRIPTIONS,
    },
}
LOCAL = dict.fromkeys((*KINDS, *TOPICS), EACH)
# What one flavour of the SDK takes of each kind: the other one finds them emptied.
FOREIGN = {"plain": 18, "short": 2, "few": 1, "session": 11, "topic": 5, "unique-topic": 1}
FOREIGN_FILE = Path(__file__).with_name("topology.json")


def topology(counts: dict[str, int] = LOCAL) -> dict[str, object]:
    def made(kinds: dict[str, dict[str, object]]) -> list[dict[str, object]]:
        return [
            {"name": f"{kind}-{number}", **properties}
            for kind, properties in kinds.items()
            for number in range(counts.get(kind, 0))
        ]

    return {"serviceBus": {"queues": made(KINDS), "topics": made(TOPICS)}}


def write(path: Path, content: dict[str, object] | None = None) -> Path:
    path.write_text(json.dumps(content or topology()), encoding="utf-8")
    return path


@dataclass
class Unused:
    """Names of entities that no test has touched yet, or that have been emptied since."""

    counts: dict[str, int] = field(default_factory=lambda: LOCAL)
    emptied: Callable[[str, str], None] | None = None
    _taken: Counter[str] = field(default_factory=Counter)

    def __call__(self, kind: str) -> str:
        if kind not in self.counts:
            pytest.skip(f"the endpoint has no entities of the kind '{kind}'")
        number = self._taken[kind]
        self._taken[kind] += 1
        if self.emptied is None:
            assert number < self.counts[kind], f"the topology has too few of '{kind}'"
            return f"{kind}-{number}"
        name = f"{kind}-{number % self.counts[kind]}"
        self.emptied(kind, name)
        return name


if __name__ == "__main__":
    FOREIGN_FILE.write_text(json.dumps(topology(FOREIGN), indent=1) + "\n", encoding="utf-8")
