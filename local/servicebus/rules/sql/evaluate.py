"""A tree asked about one message, in three-valued logic: True, False, or None for unknown.

A property that is not there is unknown, and so is whatever is computed from it or compared with
it. So is what compares values of different kinds, and a division by zero.
"""

from collections.abc import Callable
from dataclasses import dataclass

from local.servicebus.message import Content
from local.servicebus.rules.sql.parser import parse
from local.servicebus.rules.sql.tree import (
    And,
    Comparison,
    Exists,
    In,
    IsNull,
    Like,
    Not,
    Or,
    Predicate,
    Property,
    Value,
)
from local.servicebus.rules.sql.values import Properties, Truth, compared, value


@dataclass(frozen=True, slots=True)
class SqlFilter:
    text: str
    tree: Predicate

    @classmethod
    def read(cls, text: str) -> "SqlFilter":
        """Raises SqlError."""
        return cls(text, parse(text))

    def takes(self, content: Content) -> bool:
        """What is unknown is not taken."""
        return truth(self.tree, OfMessage(content)) is True


class OfMessage:
    """A message's properties; the sender's are found in any case of their name."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._user: dict[str, Value] | None = None

    def system(self, name: str) -> Value:
        return _SYSTEM[name](self._content)

    def user(self, name: str) -> tuple[bool, Value]:
        if self._user is None:
            properties = self._content.application_properties()
            self._user = {key.lower(): value for key, value in properties.items()}
        key = name.lower()
        return key in self._user, self._user.get(key)


_SYSTEM: dict[str, Callable[[Content], Value]] = {
    "messageid": lambda content: content.message_id,
    "correlationid": lambda content: content.correlation_id,
    "sessionid": lambda content: content.session_id,
    "replytosessionid": lambda content: content.reply_to_session_id,
    "label": lambda content: content.subject,
    "to": lambda content: content.to,
    "replyto": lambda content: content.reply_to,
    "contenttype": lambda content: content.content_type,
}


def truth(predicate: Predicate, properties: Properties) -> Truth:
    match predicate:
        case And(operands):
            return _all([truth(operand, properties) for operand in operands])
        case Or(operands):
            return _any([truth(operand, properties) for operand in operands])
        case Not(operand):
            return _not(truth(operand, properties))
    return _condition(predicate, properties)


def _condition(
    predicate: Comparison | Like | In | IsNull | Exists, properties: Properties
) -> Truth:
    match predicate:
        case Comparison(sign, left, right):
            return compared(sign, value(left, properties), value(right, properties))
        case In(wanted, choices):
            found = value(wanted, properties)
            return _any([compared("=", found, value(each, properties)) for each in choices])
        case Like(text, pattern):
            found = value(text, properties)
            return pattern.matches(found) if isinstance(found, str) else None
        case IsNull(asked):
            return value(asked, properties) is None
        case Exists(asked):
            return _exists(asked, properties)


def _exists(asked: Property, properties: Properties) -> bool:
    if asked.system:
        return properties.system(asked.name) is not None
    return properties.user(asked.name)[0]


def _all(truths: list[Truth]) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def _any(truths: list[Truth]) -> Truth:
    return _not(_all([_not(each) for each in truths]))


def _not(known: Truth) -> Truth:
    return None if known is None else not known
