"""One management operation's arguments, read with their types, and what it acts upon."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from local.servicebus.codec.fields import text_keys
from local.servicebus.codec.types import DecodeError
from local.servicebus.entities.namespace import Entity, Namespace
from local.servicebus.entities.queue import Queue
from local.servicebus.entities.sessions import Session
from local.servicebus.faults import bad_argument, not_allowed
from local.servicebus.links.receiver import EntityReceiver

Result = dict[object, object] | None  # None: there is nothing, status 204


@dataclass(frozen=True, slots=True)
class Call:
    """`receiver` is the link that the client asks on behalf of, if it named one."""

    namespace: Namespace
    entity: Entity
    receiver: EntityReceiver | None
    arguments: dict[str, object]

    @property
    def queue(self) -> Queue:
        if not isinstance(self.entity, Queue):
            raise not_allowed("A topic cannot be received from; use a subscription.")
        return self.entity

    def owned_session(self) -> Session:
        """The session that is asked for. Raises the fault of a lock that is lost."""
        return self.queue.sessions.owned(self.needed_text("session-id"), self.receiver)

    def text(self, name: str) -> str | None:
        value = self.arguments.get(name)
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        if value is None or isinstance(value, str):
            return value
        raise bad_argument(f"{name} is not text")

    def needed_text(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise bad_argument(f"{name} is missing")
        return value

    def number(self, name: str) -> int:
        value = self.arguments.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise bad_argument(f"{name} is not a number")
        return value

    def numbers(self, name: str) -> list[int]:
        return [item for item in self._list(name) if isinstance(item, int)]

    def tokens(self) -> list[bytes]:
        """As delivery tags have them."""
        return [item.bytes_le for item in self._list("lock-tokens") if isinstance(item, UUID)]

    def messages(self) -> list[bytes]:
        found = []
        for item in self._list("messages"):
            try:
                message = text_keys(item).get("message")
            except DecodeError as error:
                raise bad_argument("messages are maps") from error
            if not isinstance(message, bytes):
                raise bad_argument("a message is binary")
            found.append(message)
        return found

    def _list(self, name: str) -> Sequence[object]:
        value = self.arguments.get(name)
        if not isinstance(value, list):
            raise bad_argument(f"{name} is not a list")
        return value
