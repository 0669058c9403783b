"""Rules as a topology gives them: which messages a subscription takes, and what is refused."""

from pathlib import Path

import pytest

from local.servicebus.topology import TopologyError, read_topology
from tests.contract.servicebus import entities
from tests.contract.servicebus.messages import message
from tests.contract.servicebus.recorder import Broker


def sql(expression: str, name: str = "sql") -> dict[str, object]:
    found = {"sqlExpression": expression}
    return {"name": name, "filterType": "SqlFilter", "sqlFilter": found}


def label(wanted: str, name: str = "label") -> dict[str, object]:
    return {"name": name, "filterType": "CorrelationFilter", "correlationFilter": {"label": wanted}}


def broker(folder: Path, **subscription: object) -> Broker:
    topic = {"name": "t", "subscriptions": [{"name": "s", **subscription}]}
    file = entities.write(folder / "t.json", {"serviceBus": {"topics": [topic]}})
    return Broker(read_topology(file))


@pytest.mark.parametrize(
    ("subscription", "taken"),
    [
        ({}, ["red", "blue", "none"]),
        ({"rules": []}, []),
        ({"rules": [{"name": "all", "filterType": "TrueFilter"}]}, ["red", "blue", "none"]),
        ({"rules": [{"name": "no", "filterType": "FalseFilter"}]}, []),
        ({"rules": [sql("1=1")]}, ["red", "blue", "none"]),
        ({"rules": [sql("sys.Label IS NOT NULL")]}, ["red", "blue"]),
        ({"rules": [label("red"), label("blue", "other")]}, ["red", "blue"]),
        ({"rules": [label("red"), sql("sys.Label = 'red'")]}, ["red"]),  # once, not twice
        ({"rules": [{"name": "short", "correlationFilter": {"label": "red"}}]}, ["red"]),
        ({"correlationFilter": {"label": "red", "requiresPreprocessing": False}}, ["red"]),
        ({"correlationFilter": {"replyToSessionId": "r"}}, []),
    ],
)
def test_any_rule_takes(tmp_path: Path, subscription: dict[str, object], taken: list[str]) -> None:
    running = broker(tmp_path, **subscription)
    running.send_to("t", message("red", subject="red"), message("blue", subject="blue"))
    running.send_to("t", message("none"))
    assert running.bodies("t/Subscriptions/s") == taken


@pytest.mark.parametrize(
    ("subscription", "said"),
    [
        ({"rules": {}}, "rules is a list"),
        ({"rules": [{}]}, "a rule is an object with a name"),
        ({"rules": [label("a"), label("b", "LABEL")]}, "two rules have the same name"),
        ({"rules": [{"name": "r", "filterType": "Other"}]}, "'Other' is no filterType"),
        ({"rules": [{"name": "r", "sql": "1=1"}]}, "rule 'r': sql is not known"),
        ({"rules": [{"name": "r", "filterType": "SqlFilter"}]}, "an object with a sqlExpression"),
        ({"rules": [sql("colour =")]}, "rule 'sql': the expression ends too soon"),
        ({"rules": [sql("1=1") | {"action": {"sqlExpression": "SET a=1"}}]}, "actions are not"),
        ({"rules": [label("a")], "correlationFilter": {"label": "b"}}, "give it or rules"),
        ({"correlationFilter": {"label": 1}}, "conditions of a correlationFilter are text"),
        ({"correlationFilter": {"properties": "x"}}, "properties is an object"),
    ],
)
def test_what_is_refused(tmp_path: Path, subscription: dict[str, object], said: str) -> None:
    with pytest.raises(TopologyError, match=f"'s': .*{said}"):
        broker(tmp_path, **subscription)


def test_a_sql_parameter_is_refused(tmp_path: Path) -> None:
    rule = sql("1=1")
    rule["sqlFilter"] = {"sqlExpression": "1=1", "parameters": {"@a": 1}}
    with pytest.raises(TopologyError, match="a sqlFilter has no parameters"):
        broker(tmp_path, rules=[rule])


@pytest.mark.parametrize(
    ("properties", "window_ms"),
    [
        ({}, 0),
        ({"requiresDuplicateDetection": True}, 600_000),
        ({"duplicateDetectionHistoryTimeWindow": "PT1M"}, 60_000),
        (
            {
                "requiresDuplicateDetection": False,
                "duplicateDetectionHistoryTimeWindow": "PT1M",
            },
            0,
        ),
    ],
)
def test_duplicate_detection(tmp_path: Path, properties: dict[str, object], window_ms: int) -> None:
    part = {"queues": [{"name": "q", **properties}]}
    file = entities.write(tmp_path / "t.json", {"serviceBus": part})
    assert read_topology(file).queues[0].duplicate_window_ms == window_ms
