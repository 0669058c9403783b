"""The rules of a subscription in ARM's property names. What is not understood is refused.

A condition that were skipped would silently widen what a subscription takes.
"""

from collections.abc import Mapping

from local.servicebus.rules.correlation import CorrelationFilter
from local.servicebus.rules.rule import DEFAULT, FalseFilter, Filter, Rule, TrueFilter
from local.servicebus.rules.sql.evaluate import SqlFilter
from local.servicebus.rules.sql.lexer import SqlError

_CONDITIONS = {
    "label": "subject",
    "correlationId": "correlation_id",
    "messageId": "message_id",
    "sessionId": "session_id",
    "to": "to",
    "replyTo": "reply_to",
    "replyToSessionId": "reply_to_session_id",
    "contentType": "content_type",
    "properties": "properties",
}
_OF_A_RULE = {"name", "filterType", "correlationFilter", "sqlFilter", "action"}


class RuleError(ValueError):
    """The rules are not what they should be."""


def rules_of(subscription: Mapping[str, object]) -> tuple[Rule, ...]:
    """`rules`, or the short form of a single `correlationFilter`. Raises RuleError."""
    short, listed = subscription.get("correlationFilter"), subscription.get("rules")
    if short is not None and listed is not None:
        raise RuleError("correlationFilter is short for one rule: give it or rules")
    if short is not None:
        return (Rule("$Default", correlation_filter(short)),)
    if listed is None:
        return (DEFAULT,)
    if not isinstance(listed, list):
        raise RuleError("rules is a list")
    rules = tuple(_rule(item) for item in listed)
    if len({rule.name.lower() for rule in rules}) < len(rules):
        raise RuleError("two rules have the same name")
    return rules


def _rule(item: object) -> Rule:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        raise RuleError("a rule is an object with a name")
    name = str(item["name"])
    unknown = sorted(set(item) - _OF_A_RULE)
    if unknown:
        raise RuleError(f"rule '{name}': {', '.join(unknown)} is not known")
    if item.get("action"):
        raise RuleError(f"rule '{name}': actions are not supported, only filters are")
    try:
        return Rule(name, _filter(item))
    except (RuleError, SqlError) as error:
        raise RuleError(f"rule '{name}': {error}") from error


def _filter(item: Mapping[str, object]) -> Filter:
    match item.get("filterType", "SqlFilter" if "sqlFilter" in item else "CorrelationFilter"):
        case "CorrelationFilter":
            return correlation_filter(item.get("correlationFilter"))
        case "SqlFilter":
            return _sql_filter(item.get("sqlFilter"))
        case "TrueFilter":
            return TrueFilter()
        case "FalseFilter":
            return FalseFilter()
        case unknown:
            raise RuleError(f"{unknown!r} is no filterType")


def _sql_filter(value: object) -> SqlFilter:
    if not isinstance(value, dict) or not isinstance(value.get("sqlExpression"), str):
        raise RuleError("a sqlFilter is an object with a sqlExpression")
    unknown = sorted(set(value) - {"sqlExpression", "compatibilityLevel", "requiresPreprocessing"})
    if unknown:
        raise RuleError(f"a sqlFilter has no {', '.join(unknown)}")
    return SqlFilter.read(value["sqlExpression"])


def correlation_filter(value: object) -> CorrelationFilter:
    """Raises RuleError."""
    if not isinstance(value, dict) or not value:
        raise RuleError("a correlationFilter is an object with conditions")
    given = {name: wanted for name, wanted in value.items() if name != "requiresPreprocessing"}
    unknown = sorted(set(given) - set(_CONDITIONS))
    if unknown:
        raise RuleError(f"unknown filter conditions {', '.join(unknown)}")
    properties = given.get("properties", {})
    texts = [wanted for name, wanted in given.items() if name != "properties"]
    if not isinstance(properties, dict) or not all(isinstance(text, str) for text in texts):
        raise RuleError("the conditions of a correlationFilter are text, properties is an object")
    return CorrelationFilter(**{_CONDITIONS[name]: wanted for name, wanted in given.items()})
