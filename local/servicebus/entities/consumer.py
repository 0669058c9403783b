"""What an entity asks of those who receive from it."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a held message knows its consumer and a consumer its message
    from local.servicebus.entities.held import Held
    from local.servicebus.entities.sessions import Session


class Consumer(Protocol):
    """A link that receives."""

    @property
    def credit(self) -> int:
        """How many messages it can take now."""

    @property
    def peek_lock(self) -> bool:
        """False: messages are gone once delivered."""

    @property
    def session(self) -> "Session | None":
        """The session it has accepted."""

    def deliver(self, message: "Held") -> None: ...

    def session_lost(self) -> None:
        """Its session's lock has expired."""

    def drop(self) -> None:
        """Cut its connection, without a word and with all that is on its way."""
