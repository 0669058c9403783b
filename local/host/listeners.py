"""What every trigger other than HTTP has in common: it listens until the host stops."""

from collections.abc import Mapping
from typing import Protocol

from local.host.index import IndexedFunction
from local.host.stopping import Stop


class Listener(Protocol):
    """Listens for one function. `state` is one word for the status page."""

    function: IndexedFunction

    @property
    def state(self) -> str:
        """How it is with what it listens to."""

    async def run(self, stop: Stop) -> None:
        """Listen until `stop`; return when the runs that were begun have been settled."""


class Source(Protocol):
    """One kind of trigger: makes the listeners of its functions and can push one by hand."""

    kind: str

    def listeners(self, functions: tuple[IndexedFunction, ...]) -> tuple[Listener, ...]:
        """Raises IndexFailed when a function cannot be listened for."""

    async def push(self, function: IndexedFunction, given: str) -> object:
        """Run `function` once with what an operator typed."""

    async def close(self) -> None:
        """Let go of connections that the listeners shared."""


def states(listeners: tuple[Listener, ...]) -> Mapping[str, str]:
    """The state of each listener by the name of its function."""
    return {listener.function.name: listener.state for listener in listeners}
