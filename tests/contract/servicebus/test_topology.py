"""The product's own topology is understood, property by property."""

import json

import pytest

from local.process import ROOT
from local.servicebus.entities.namespace import Namespace
from local.servicebus.rules.correlation import CorrelationFilter
from local.servicebus.topology import TopologyError, milliseconds, read_topology
from tests.contract.servicebus.moving import MovedClock

FILE = ROOT / "infra" / "bicep" / "topology.json"


def test_the_products_topology_is_served() -> None:
    written = json.loads(FILE.read_text(encoding="utf-8"))["serviceBus"]
    namespace = Namespace(read_topology(FILE), MovedClock())
    wanted = {queue["name"]: queue for queue in written["queues"]}
    for topic in written["topics"]:
        for subscription in topic["subscriptions"]:
            wanted[f"{topic['name']}/Subscriptions/{subscription['name']}"] = subscription
    assert {queue.path for queue in namespace.queues} == set(wanted)
    for queue in namespace.queues:
        said, served = wanted[queue.path], queue.settings
        assert served.requires_session == said["requiresSession"]
        assert served.max_delivery_count == said["maxDeliveryCount"]
        assert served.lock_ms == milliseconds(said["lockDuration"])
        (rule,) = served.rules
        label = rule.filter.subject if isinstance(rule.filter, CorrelationFilter) else None
        assert label == said.get("correlationFilter", {}).get("label")
    assert {topic.path for topic in namespace.topics} == {t["name"] for t in written["topics"]}
    for topic, said in zip(namespace.topics, written["topics"], strict=True):
        window = said.get("duplicateDetectionHistoryTimeWindow")
        assert topic.settings.duplicate_window_ms == (milliseconds(window) if window else 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT5S", 5000),
        ("PT1M", 60_000),
        ("P1DT2H", 93_600_000),
        ("PT0.5S", 500),
        ("P14D", 1209600000),
    ],
)
def test_durations(text: str, expected: int) -> None:
    assert milliseconds(text) == expected


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "1M", "PT1X", "P1M", "-PT1S"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(TopologyError):
        milliseconds(text)
