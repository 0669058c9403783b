"""The Service Bus emulator is told of every queue, topic and subscription, within its limits."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from local import compose
from local.compose import CONFIG, NotForTheEmulator, configuration
from tests.infra.bicep import FOLDER, read, text
from tests.infra.schemas import EMULATOR

Json = dict[str, Any]


@pytest.fixture
def bus(topology: Json) -> Json:
    """A topology of the test's own, which it may change."""
    taken: Json = copy.deepcopy(topology["serviceBus"])
    return taken


@pytest.fixture
def written() -> Json:
    loaded: Json = json.loads(CONFIG.read_text(encoding="utf-8"))
    return loaded


def namespace(config: Json) -> Json:
    (only,) = config["UserConfig"]["Namespaces"]
    found: Json = only
    return found


def by_name(entries: list[Json]) -> dict[str, Json]:
    return {each["Name"]: each for each in entries}


def test_the_file_is_up_to_date() -> None:
    assert compose.main(["--check"]) == 0, "run `python -m local.compose`"


def test_the_file_has_the_emulators_form(written: Json) -> None:
    Draft202012Validator.check_schema(EMULATOR)
    Draft202012Validator(EMULATOR).validate(written)


def test_everything_is_in_it_and_nothing_else(written: Json, bus: Json) -> None:
    made = namespace(written)
    assert list(by_name(made["Queues"])) == [each["name"] for each in bus["queues"]]
    assert list(by_name(made["Topics"])) == [each["name"] for each in bus["topics"]]
    for topic in bus["topics"]:
        waiting = by_name(by_name(made["Topics"])[topic["name"]]["Subscriptions"])
        wanted = [each["name"] for each in topic["subscriptions"]]
        assert list(waiting) == (wanted or ["nobody"])


def test_it_says_what_the_topology_says(written: Json, bus: Json) -> None:
    made = namespace(written)
    queues, topics = by_name(made["Queues"]), by_name(made["Topics"])
    for queue in bus["queues"]:
        assert_waits(queues[queue["name"]], queue)
    for topic in bus["topics"]:
        waiting = by_name(topics[topic["name"]]["Subscriptions"])
        assert topics[topic["name"]]["Properties"]["RequiresDuplicateDetection"]
        for subscription in topic["subscriptions"]:
            mine = waiting[subscription["name"]]
            assert_waits(mine, subscription)
            (rule,) = mine["Rules"]
            label = subscription["correlationFilter"]["label"]
            assert rule["Properties"]["CorrelationFilter"] == {"Label": label}


def assert_waits(made: Json, declared: Json) -> None:
    properties = made["Properties"]
    for name in ("requiresSession", "maxDeliveryCount", "lockDuration"):
        assert properties[name[0].upper() + name[1:]] == declared[name]
    if "Rules" not in made:
        wanted = "duplicateDetectionHistoryTimeWindow" in declared
        assert properties["RequiresDuplicateDetection"] is wanted
    assert properties["DeadLetteringOnMessageExpiration"]  # as in service-bus.bicep


def test_azure_too_keeps_what_expires() -> None:
    for module in ("service-bus.bicep", "service-bus-topic.bicep"):
        source = text(read(FOLDER / "modules" / module).root)
        assert "deadLetteringOnMessageExpiration: true" in source


@pytest.mark.parametrize(
    ("duration", "given"),
    [
        *(("PT5S", "PT5S"), ("PT5M", "PT5M"), ("PT4M60S", "PT4M60S")),
        *(("PT10M", "PT5M"), ("PT1H", "PT5M"), ("PT5M1S", "PT5M")),
    ],
)
def test_windows_and_locks_are_narrowed_to_what_it_takes(
    bus: Json, duration: str, given: str
) -> None:
    bus["queues"][0]["duplicateDetectionHistoryTimeWindow"] = duration
    bus["queues"][0]["lockDuration"] = duration
    bus["queues"][0]["maxDeliveryCount"] = 2000
    properties = namespace(configuration(bus))["Queues"][0]["Properties"]
    assert properties["DuplicateDetectionHistoryTimeWindow"] == given
    assert properties["LockDuration"] == given
    assert properties["MaxDeliveryCount"] == 10


def test_words_that_the_topology_may_get_are_known(bus: Json) -> None:
    bus["queues"][0]["forwardDeadLetteredMessagesTo"] = "poison"
    bus["queues"][0]["deadLetteringOnMessageExpiration"] = False
    bus["queues"][0]["defaultMessageTimeToLive"] = "PT10M"
    bus["topics"][0]["defaultMessageTimeToLive"] = "P1DT1S"
    bus["topics"][0]["subscriptions"] = [{"name": "all", "forwardTo": "poison"}]
    made = configuration(bus)
    Draft202012Validator(EMULATOR).validate(made)
    queue, topic = namespace(made)["Queues"][0], namespace(made)["Topics"][0]
    assert queue["Properties"]["ForwardDeadLetteredMessagesTo"] == "poison"
    assert queue["Properties"]["DefaultMessageTimeToLive"] == "PT10M"
    assert not queue["Properties"]["DeadLetteringOnMessageExpiration"]
    assert topic["Properties"]["DefaultMessageTimeToLive"] == "PT1H"
    (everything,) = topic["Subscriptions"]
    assert everything["Properties"]["ForwardTo"] == "poison"
    assert "Rules" not in everything


def test_every_kind_of_filter_has_the_emulators_spelling(bus: Json) -> None:
    conditions = {"correlationId": "c", "sessionId": "s", "to": "t", "properties": {"a": "b"}}
    bus["topics"][0]["subscriptions"][0]["correlationFilter"] = conditions
    made = configuration(bus)
    Draft202012Validator(EMULATOR).validate(made)
    rule = namespace(made)["Topics"][0]["Subscriptions"][0]["Rules"][0]["Properties"]
    assert rule["CorrelationFilter"] == {
        "CorrelationId": "c",
        "SessionId": "s",
        "To": "t",
        "Properties": {"a": "b"},
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"queues": [{"name": f"q{number}"} for number in range(50)]}, "57 queues and topics"),
        ({"queues": [{"name": "q", "autoDeleteOnIdle": "PT5M"}]}, "autoDeleteOnIdle of queue q"),
        ({"queues": [{"name": "q", "lockDuration": "1 day"}]}, "a duration like 1 day"),
        ({"queues": [{"name": "q", "lockDuration": "PT"}]}, "a duration like PT"),
        ({"topics": [{"name": "t", "subscriptions": [], "partitioned": True}]}, "partitioned of"),
        (
            {"topics": [{"name": "t", "subscriptions": [{"name": "s", "sqlFilter": "1=1"}]}]},
            "sqlFilter of subscription s",
        ),
        (
            {
                "topics": [
                    {
                        "name": "t",
                        "subscriptions": [
                            {"name": f"s{n}", "correlationFilter": {}} for n in range(51)
                        ],
                    }
                ]
            },
            "t has 51 subscriptions",
        ),
    ],
)
def test_what_it_cannot_have_is_refused_and_not_forgotten(
    bus: Json, change: Json, said: str
) -> None:
    with pytest.raises(NotForTheEmulator) as refused:
        configuration({**bus, **change})
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["Queues", 0, "Properties", "LockDuration"], "PT6M"),
        (["Queues", 0, "Properties", "DefaultMessageTimeToLive"], "P14D"),
        (["Queues", 0, "Properties", "DuplicateDetectionHistoryTimeWindow"], "PT10M"),
        (["Queues", 0, "Properties", "MaxDeliveryCount"], 11),
        (["Queues", 0, "Properties", "requiresSession"], True),
        (["Queues", 0, "Name"], "-q"),
        (["Topics", 0, "Subscriptions"], []),
        (["Topics", 0, "Subscriptions", 0, "Rules", 0, "Name"], "$Default"),
        (["Topics", 0, "Subscriptions", 0, "Rules", 0, "Properties", "CorrelationFilter"], {}),
        (["Name"], "mine"),
    ],
)
def test_the_schema_notices(written: Json, path: list[Any], value: object) -> None:
    place = namespace(written)
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(ValidationError):
        Draft202012Validator(EMULATOR).validate(written)


def test_the_file_is_written_and_a_stale_one_is_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "azurite" / CONFIG.name
    file.parent.mkdir()
    assert compose.main(["--check"], tmp_path) == 1
    assert "Run `python -m local.compose`" in capsys.readouterr().err
    assert compose.main([], tmp_path) == compose.main(["--check"], tmp_path) == 0
    assert file.read_bytes() == CONFIG.read_bytes()
    file.write_text(file.read_text().replace("PT1M", "PT2M"))
    assert compose.main(["--check"], tmp_path) == 1


def test_settings_and_password_are_made_where_there_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "azurite").mkdir()
    assert compose.main(["--env", "--settings"], tmp_path) == 0
    assert capsys.readouterr().out.count(" made.") == 2
    assert compose.main(["--env", "--settings"], tmp_path) == 0
    assert capsys.readouterr().out.count("stays as it is") == 2
    made = json.loads((tmp_path / "local.settings.json").read_text())
    assert made["Values"]["BLOB"] == "UseDevelopmentStorage=true"
    assert (tmp_path / "azurite" / ".env").exists()
    assert not (tmp_path / "azurite" / CONFIG.name).exists()


def test_what_it_makes_is_for_its_owner_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert compose.made(file, compose.environment()).endswith(" made.")
    first = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "stays as it is" in compose.made(file, compose.environment())
    assert file.read_text() == first != compose.environment()
    values = dict(line.split("=", 1) for line in first.splitlines() if not line.startswith("#"))
    assert values["ACCEPT_EULA"] == ""  # that is for a person
    password = values["MSSQL_SA_PASSWORD"]
    assert 12 <= len(password) <= 128
    for kind in (str.isupper, str.islower, str.isdigit):
        assert any(map(kind, password))
    assert "-" in password
    assert "$" not in password  # Compose would read on
