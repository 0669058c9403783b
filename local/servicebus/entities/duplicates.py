"""Duplicate detection: the message ids that an entity has taken within its window."""

from local.servicebus.entities.machinery import Machinery


class Duplicates:
    """A window of 0 ms means that nothing is a duplicate."""

    def __init__(self, entity: str, window_ms: int, machinery: Machinery) -> None:
        self._entity = entity
        self._window_ms = window_ms
        self._machinery = machinery
        self._until: dict[str, int] = {}  # in the order in which they end

    def is_first(self, message_id: str | None) -> bool:
        """False: the same id was there within the window. True: it is remembered from now on."""
        if not self._window_ms or message_id is None:
            return True
        now = self._machinery.now()
        self._forget_before(now)
        if message_id in self._until:
            return False
        self._until[message_id] = now + self._window_ms
        self._machinery.journal.seen(self._entity, message_id, now + self._window_ms)
        return True

    def restore(self, message_id: str, until_ms: int) -> None:
        """Called in the order of `until_ms`."""
        self._until[message_id] = until_ms

    def _forget_before(self, now: int) -> None:
        while self._until:
            oldest = next(iter(self._until))
            if self._until[oldest] > now:
                return
            del self._until[oldest]
            self._machinery.journal.forgot(self._entity, oldest)
