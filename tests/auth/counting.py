"""What a request costs: calls of Cosmos DB, and slow hashes."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Any

from functions.auth import wiring
from functions.auth.domain.links import Link
from functions.auth.domain.session import Session
from functions.auth.domain.user import User
from functions.auth.repository.guesses import CosmosGuesses
from functions.auth.repository.hashes import Hashes
from functions.auth.repository.links import CosmosLinks
from functions.auth.repository.sessions import CosmosSessions
from functions.auth.repository.users import CosmosUsers
from shared.platform.clients import container
from tests.auth.frozen import Frozen, frozen

CALLS = frozenset({"execute_item_batch", "query_items", "read_item"})


class Cost:
    """Counted so far."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.hashes = 0

    def forget(self) -> None:
        self.calls, self.hashes = [], 0


class Counted:
    """A container that counts."""

    def __init__(self, cost: Cost) -> None:
        self._cost, self._container = cost, container("auth")

    def __getattr__(self, name: str) -> Any:
        if name in CALLS:
            self._cost.calls.append(name)
        return getattr(self._container, name)


class CountedHashes(Hashes):
    """Slow hashes, counted."""

    def __init__(self, cost: Cost) -> None:
        super().__init__()
        self._cost = cost

    async def hash(self, password: str) -> str:
        self._cost.hashes += 1
        return await super().hash(password)

    async def fits(self, password: str, password_hash: str | None) -> bool:
        self._cost.hashes += 1
        return await super().fits(password, password_hash)


@contextmanager
def counted() -> Generator[tuple[Cost, Frozen]]:
    """Auth on a clock that stands still, and what it costs."""
    cost = Cost()
    store: Any = Counted(cost)
    with frozen() as time, ExitStack() as stack:
        stack.enter_context(wiring.users.replaced_by(CosmosUsers(store, User, time)))
        stack.enter_context(wiring.sessions_kept.replaced_by(CosmosSessions(store, Session, time)))
        stack.enter_context(wiring.guesses.replaced_by(CosmosGuesses(store)))
        stack.enter_context(wiring.links_kept.replaced_by(CosmosLinks(store, Link, time)))
        stack.enter_context(wiring.hashes.replaced_by(CountedHashes(cost)))
        yield cost, time
