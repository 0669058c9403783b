"""Strict schemas, of our own, of the two files that Microsoft's emulators are started with.

Of the Compose Specification (github.com/compose-spec/compose-spec) what azurite/compose.yaml uses
and no more, so that anything new is looked at. Of the emulator's Config.json everything, with the
limits that its documentation names and the official schema only describes.
"""

from typing import Any

Json = dict[str, Any]


def strict(needed: Json, **optional: Json) -> Json:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "properties": {**needed, **optional},
        "required": list(needed),
        "additionalProperties": False,
    }


def listed(item: Json, at_least: int = 1, at_most: int = 50) -> Json:
    return {"type": "array", "items": item, "minItems": at_least, "maxItems": at_most}


def pattern(regex: str) -> Json:
    return {"type": "string", "pattern": regex}


def mapping(of: Json) -> Json:
    return {
        "type": "object",
        "patternProperties": {r"^[a-z][a-z0-9._-]*$": of},
        "additionalProperties": False,
        "minProperties": 1,
    }


SECONDS = pattern(r"^\d+s$")
TEXTS = listed({"type": "string"})
COMPOSE: Json = strict(
    {
        "name": pattern(r"^[a-z0-9][a-z0-9_-]*$"),
        "services": mapping(
            strict(
                {"image": {"type": "string"}},
                command=TEXTS,
                init={"type": "boolean"},
                environment={
                    "type": "object",
                    # A bare true or 1 is for YAML to interpret; a text is not.
                    "additionalProperties": {"type": "string"},
                },
                # HOST:PORT:PORT, whose short form would listen to everybody.
                ports={**listed(pattern(r"^127\.0\.0\.1:\d+:\d+$")), "uniqueItems": True},
                volumes=listed(pattern(r"^(\./[\w.-]+:/[\w/.-]+:ro|[a-z]+:/[\w/-]+)$")),
                depends_on=mapping(
                    strict({"condition": {"enum": ["service_started", "service_healthy"]}})
                ),
                healthcheck=strict(
                    {
                        "test": {
                            **TEXTS,
                            "prefixItems": [{"const": "CMD"}],  # the shell form hides what it runs
                        },
                        "interval": SECONDS,
                        "timeout": SECONDS,
                        "retries": {"type": "integer", "minimum": 1},
                        "start_period": SECONDS,
                    }
                ),
            )
        ),
        "volumes": mapping({"type": "null"}),
    }
)

NAME = pattern(r"^[A-Za-z0-9]([\w./-]*[A-Za-z0-9])?$")
UP_TO_5_MINUTES = pattern(r"^PT([1-5]M|([5-9]|[1-5]\d)S)$")
UP_TO_1_HOUR = pattern(r"^PT(1H|([5-9]|[1-5]\d)M)$")
ONCE: Json = {
    "RequiresDuplicateDetection": {"type": "boolean"},
    "DuplicateDetectionHistoryTimeWindow": UP_TO_5_MINUTES,
}
WAITING: Json = {
    "DeadLetteringOnMessageExpiration": {"type": "boolean"},
    "DefaultMessageTimeToLive": UP_TO_1_HOUR,
    "ForwardDeadLetteredMessagesTo": {"type": "string"},
    "ForwardTo": {"type": "string"},
    "LockDuration": UP_TO_5_MINUTES,
    "MaxDeliveryCount": {"type": "integer", "minimum": 1, "maximum": 10},
    "RequiresSession": {"type": "boolean"},
}
CONDITIONS = ("ContentType", "CorrelationId", "Label", "MessageId", "ReplyTo")
CORRELATION = {
    **strict(
        {},
        **{name: {"type": "string"} for name in CONDITIONS},
        **{name: {"type": "string"} for name in ("ReplyToSessionId", "SessionId", "To")},
        Properties={"type": "object", "minProperties": 1},
    ),
    "minProperties": 1,
}
RULE = strict(
    {
        "Name": NAME,
        "Properties": strict(
            {"FilterType": {"const": "Correlation"}, "CorrelationFilter": CORRELATION}
        ),
    }
)
SUBSCRIPTION = strict(
    {"Name": NAME}, Properties=strict({}, **WAITING), Rules=listed(RULE, at_most=1000)
)
NAMESPACE = strict(
    {
        "Name": {"const": "sbemulatorns"},
        "Queues": listed(strict({"Name": NAME}, Properties=strict({}, **WAITING, **ONCE)), 0),
        "Topics": listed(
            strict(
                {"Name": NAME, "Subscriptions": listed(SUBSCRIPTION)},
                Properties=strict({}, DefaultMessageTimeToLive=UP_TO_1_HOUR, **ONCE),
            ),
            0,
        ),
    }
)
EMULATOR = strict(
    {
        "UserConfig": strict(
            {
                "Namespaces": listed(NAMESPACE, at_most=1),
                "Logging": strict({"Type": {"enum": ["File", "Console", "File,Console"]}}),
            }
        )
    }
)
