"""What Microsoft's emulators are told: written from topology.json, or checked against it.

`python -m local.compose` writes azurite/servicebus-emulator.json; `--check` only compares;
`--env` makes azurite/.env, and `--settings` local.settings.json, where there is none yet.
"""

import argparse
import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.cosmos.authorization import EMULATOR_KEY
from local.process import ROOT
from local.provision import topology

FOLDER = ROOT / "azurite"
CONFIG = FOLDER / "servicebus-emulator.json"
EXAMPLE = ROOT / "local.settings.json.example"
Json = dict[str, Any]

# Of https://learn.microsoft.com/azure/service-bus-messaging/overview-emulator and of the schema in
# github.com/Azure/azure-service-bus-emulator-installer.
NAMESPACE = "sbemulatorns"
MOST_ENTITIES = 50
LONGEST_WINDOW_S = 300
LONGEST_LOCK_S = 300
LONGEST_LIFE_S = 3600
MOST_DELIVERIES = 10
# A topic needs a subscription. This one hears nothing, since no event has such a type.
NOBODY = {"name": "nobody", "correlationFilter": {"label": "nobody"}}
DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
WAITING = {
    *("name", "requiresSession", "maxDeliveryCount", "lockDuration", "defaultMessageTimeToLive"),
    *("deadLetteringOnMessageExpiration", "forwardTo", "forwardDeadLetteredMessagesTo"),
}
KNOWN = {
    "queue": WAITING | {"duplicateDetectionHistoryTimeWindow", "consumer"},
    "topic": {"name", "defaultMessageTimeToLive", "duplicateDetectionHistoryTimeWindow"}
    | {"subscriptions"},
    "subscription": WAITING | {"correlationFilter"},
}


class NotForTheEmulator(ValueError):
    """The topology asks for what the official Service Bus emulator does not have. Says what."""


def configuration(bus: Json) -> Json:
    """The emulator's Config.json. Raises NotForTheEmulator."""
    entities = len(bus["queues"]) + len(bus["topics"])
    if entities > MOST_ENTITIES:
        raise NotForTheEmulator(f"{entities} queues and topics; it takes {MOST_ENTITIES}")
    namespace = {
        "Name": NAMESPACE,
        "Queues": [_queue(each) for each in bus["queues"]],
        "Topics": [_topic(each) for each in bus["topics"]],
    }
    return {"UserConfig": {"Namespaces": [namespace], "Logging": {"Type": "Console"}}}


def _queue(queue: Json) -> Json:
    _must_be_known("queue", queue)
    return {"Name": queue["name"], "Properties": {**_waiting(queue), **_once(queue)}}


def _topic(topic: Json) -> Json:
    _must_be_known("topic", topic)
    subscriptions = topic["subscriptions"] or [NOBODY]
    if len(subscriptions) > MOST_ENTITIES:
        raise NotForTheEmulator(f"{topic['name']} has {len(subscriptions)} subscriptions")
    return {
        "Name": topic["name"],
        "Properties": {"DefaultMessageTimeToLive": _life(topic), **_once(topic)},
        "Subscriptions": [_subscription(each) for each in subscriptions],
    }


def _subscription(subscription: Json) -> Json:
    """Without a filter it hears everything, as in Azure."""
    _must_be_known("subscription", subscription)
    made = {"Name": subscription["name"], "Properties": _waiting(subscription)}
    if wanted := subscription.get("correlationFilter"):
        condition = {_spelled(name): value for name, value in wanted.items()}
        rule = {"FilterType": "Correlation", "CorrelationFilter": condition}
        made["Rules"] = [{"Name": "only", "Properties": rule}]
    return made


def _waiting(entity: Json) -> Json:
    """What queues and subscriptions have in common; silent defaults are those of Bicep here."""
    forwards = ("forwardTo", "forwardDeadLetteredMessagesTo")
    return {
        "DeadLetteringOnMessageExpiration": entity.get("deadLetteringOnMessageExpiration", True),
        "DefaultMessageTimeToLive": _life(entity),
        "LockDuration": _at_most(entity.get("lockDuration", "PT1M"), LONGEST_LOCK_S),
        "MaxDeliveryCount": min(entity.get("maxDeliveryCount", MOST_DELIVERIES), MOST_DELIVERIES),
        "RequiresSession": entity.get("requiresSession", False),
        **{_spelled(name): entity[name] for name in forwards if name in entity},
    }


def _once(entity: Json) -> Json:
    window = entity.get("duplicateDetectionHistoryTimeWindow")
    if window is None:
        return {"RequiresDuplicateDetection": False}
    narrowed = _at_most(window, LONGEST_WINDOW_S)
    return {"RequiresDuplicateDetection": True, "DuplicateDetectionHistoryTimeWindow": narrowed}


def _life(entity: Json) -> str:
    return _at_most(entity.get("defaultMessageTimeToLive", "P14D"), LONGEST_LIFE_S)


def _at_most(duration: str, longest_s: int) -> str:
    match = DURATION.fullmatch(duration)
    if match is None or not any(match.groups()):
        raise NotForTheEmulator(f"a duration like {duration}")
    days, hours, minutes, seconds = (int(each or 0) for each in match.groups())
    whole_s = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if whole_s <= longest_s:
        return duration
    return "PT1H" if longest_s == LONGEST_LIFE_S else f"PT{longest_s // 60}M"


def _spelled(name: str) -> str:
    """ARM's small first letter is a capital one there."""
    return name[0].upper() + name[1:]


def _must_be_known(kind: str, entity: Json) -> None:
    """A new word of the topology would else be forgotten here."""
    if unknown := set(entity) - KNOWN[kind]:
        raise NotForTheEmulator(f"{', '.join(sorted(unknown))} of {kind} {entity['name']}")


def text(document: Json) -> str:
    return json.dumps(document, indent=2) + "\n"


def environment() -> str:
    """A password that SQL Server's policy takes. The consent is for a person to give."""
    return (
        "# Y says that you accept the licences that azurite/README.md names.\n"
        "ACCEPT_EULA=\n"
        f"MSSQL_SA_PASSWORD=Aa1-{secrets.token_urlsafe(24)}\n"
    )


def settings(example: Mapping[str, Any]) -> Json:
    """The example's names, with the addresses and published keys of the official emulators."""
    published = {
        "PUBLIC_BASE_URL": "http://127.0.0.1:7071",
        "AzureWebJobsStorage": "UseDevelopmentStorage=true",
        "BLOB": "UseDevelopmentStorage=true",
        "COSMOS": f"AccountEndpoint=http://localhost:8081/;AccountKey={EMULATOR_KEY};",
        "SERVICE_BUS": (
            "Endpoint=sb://127.0.0.1;SharedAccessKeyName=RootManageSharedAccessKey;"
            "SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;"
        ),
    }
    return {**example, "Values": {**example["Values"], **published}}


def made(file: Path, content: str) -> str:
    """For its owner alone, and never over what is there. Says what was done."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return f"{file} is there already; it stays as it is."
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
    return f"{file} made."


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Files are made below `root`."""
    parser = argparse.ArgumentParser(prog="python -m local.compose", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the file is out of date")
    parser.add_argument("--env", action="store_true", help="make azurite/.env")
    parser.add_argument("--settings", action="store_true", help="make local.settings.json")
    options = parser.parse_args(arguments)
    try:
        wanted = text(configuration(topology()["serviceBus"]))
    except NotForTheEmulator as error:
        print(f"The Service Bus emulator does not take {error}.", file=sys.stderr)
        return 1
    config = root / CONFIG.relative_to(ROOT)
    if options.check:
        return _checked(config, wanted)
    if options.env:
        print(made(config.with_name(".env"), environment()))
    if options.settings:
        example = json.loads(EXAMPLE.read_text(encoding="utf-8"))
        print(made(root / "local.settings.json", text(settings(example))))
    if not (options.env or options.settings):
        config.write_text(wanted, encoding="utf-8")
    return 0


def _checked(config: Path, wanted: str) -> int:
    if config.exists() and config.read_text(encoding="utf-8") == wanted:
        return 0
    print(f"Out of date: {config}. Run `python -m local.compose`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
