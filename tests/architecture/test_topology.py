"""What triggers functions is what infra/bicep deploys and the local Azure serves."""

from collections.abc import Mapping
from typing import Any

from tests.architecture import rules

Triggers = list[Mapping[str, Any]]


def test_every_trigger_is_in_the_topology_and_back(
    triggers: Triggers, topology: dict[str, Any]
) -> None:
    assert rules.missing_in_topology(triggers, topology) == []
    assert rules.without_trigger(triggers, topology) == []


def test_every_change_feed_function_retries_for_ever(functions: list[Any]) -> None:
    """Else a failing relay would skip what it could not send."""
    for function in functions:
        if function.get_trigger().get_dict_repr()["type"] == "cosmosDBTrigger":
            assert function.get_settings_dict("retry_policy")["max_retry_count"] == "-1"


def test_everything_told_has_somewhere_to_go(topology: dict[str, Any]) -> None:
    from shared.contracts import Event, Job, Told

    bus = topology["serviceBus"]
    known = {each["name"] for each in [*bus["queues"], *bus["topics"]]}
    kinds: list[type[Told]] = [*Event.__subclasses__(), *Job.__subclasses__()]
    assert {kind.destination() for kind in kinds} <= known


def test_every_subscription_waits_for_an_event_that_exists(topology: dict[str, Any]) -> None:
    from shared.contracts import Event

    told = {kind.type for kind in Event.__subclasses__()}
    awaited = {
        subscription["correlationFilter"]["label"]
        for topic in topology["serviceBus"]["topics"]
        for subscription in topic["subscriptions"]
    }
    assert awaited <= told


def test_a_wrong_or_idle_source_is_noticed(topology: dict[str, Any]) -> None:
    astray = {"type": "serviceBusTrigger", "queueName": "nowhere"}
    sessions = {"type": "serviceBusTrigger", "queueName": "calls-webhooks"}

    assert rules.missing_in_topology([astray, sessions], topology) == [
        "queue calls-webhooks (sessions: False)",
        "queue nowhere (sessions: False)",
    ]
    assert "queue esignature-seal" in rules.without_trigger([], topology)
