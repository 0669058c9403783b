"""How the gateway says no: to a policy it cannot follow, and to a request that a policy stops."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class PolicyRefused(ValueError):
    """A policy, attribute or expression that this gateway cannot follow. Says which."""


@dataclass
class Refusal(Exception):
    """A request ends here and `on-error` decides what its sender sees of it."""

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
