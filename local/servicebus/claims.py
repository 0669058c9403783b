"""What the client of one connection has shown that it may reach."""

from collections.abc import Callable, Mapping

from local.servicebus.faults import unauthorized
from local.servicebus.schedule import Appointment, Schedule
from local.servicebus.tokens import check


class Claims:
    """`lapsed` is called whenever a token's time is over, whether or not it was renewed."""

    def __init__(
        self, keys: Mapping[str, str], schedule: Schedule, lapsed: Callable[[], None]
    ) -> None:
        self._keys = keys
        self._schedule = schedule
        self._lapsed = lapsed
        self._until: dict[str, int] = {}
        self._ends: list[Appointment] = []

    def add(self, token: str) -> None:
        """Raises the fault of an unauthorized client."""
        claim = check(token, self._keys, self._schedule.now())
        self._until[claim.path] = claim.expires_ms
        self._ends.append(self._schedule.at(claim.expires_ms, self._lapsed))

    def close(self) -> None:
        for end in self._ends:
            end.cancel()

    def cover(self, path: str) -> bool:
        wanted, now = path.strip("/").lower(), self._schedule.now()
        return any(
            until > now and (not held or wanted == held or wanted.startswith(f"{held}/"))
            for held, until in self._until.items()
        )

    def require(self, path: str) -> None:
        """Raises the fault of an unauthorized client."""
        if not self.cover(path):
            raise unauthorized(f"Unauthorized access to '{path}'. Put a token for it first.")
