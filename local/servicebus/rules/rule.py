"""A rule and the filters that need no language. A subscription takes what any rule of it takes."""

from dataclasses import dataclass
from typing import Protocol

from local.servicebus.message import Content


class Filter(Protocol):
    """Decides by a message's properties alone, never by its body."""

    def takes(self, content: Content) -> bool: ...


@dataclass(frozen=True, slots=True)
class TrueFilter:
    def takes(self, content: Content) -> bool:  # noqa: ARG002 - whatever it is
        return True


@dataclass(frozen=True, slots=True)
class FalseFilter:
    def takes(self, content: Content) -> bool:  # noqa: ARG002 - whatever it is
        return False


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    filter: Filter


DEFAULT = Rule("$Default", TrueFilter())  # what a subscription has that is given no rules
