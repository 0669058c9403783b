"""What an expression may refer to while it is compiled, and the shape of a compiled one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from local.cosmos.query.budget import Budget
from local.cosmos.query.errors import QueryRefused
from local.cosmos.wire import Value

# The values of aliases while a row is computed. Two names that no query can write hold the rest.
Environment = dict[str, Value]
Evaluate = Callable[[Environment], Value]
ROOT = "<root>"
GROUP = "<group>"


@dataclass(frozen=True, slots=True)
class Scope:
    """`now_s` is the query's one present moment, in seconds since 1970; `budget` its one limit."""

    names: frozenset[str] = frozenset({ROOT})
    parameters: Mapping[str, Value] = field(default_factory=dict)
    now_s: float = 0.0
    budget: Budget = field(default_factory=Budget)

    def with_name(self, name: str) -> "Scope":
        return replace(self, names=self.names | {name})

    def parameter(self, name: str) -> Value:
        if name not in self.parameters:
            raise QueryRefused(f"The query parameter '{name}' was not given a value.", "SC2010")
        return self.parameters[name]

    def resolve(self, name: str) -> str:
        if name not in self.names:
            raise QueryRefused(f"Identifier '{name}' could not be resolved.", "SC2001")
        return name

    def resolve_input(self, name: str) -> str:
        """In FROM, a name that nothing has yet is the container itself."""
        return name if name in self.names else ROOT
