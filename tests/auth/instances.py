"""Another instance of the app, whose time is the test's to move."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta

from shared.identity.api_keys import MOST_KNOWN, KnownKeys
from shared.identity.custom_roles import CustomRole
from shared.identity.key_uses import CosmosKeyUses
from shared.identity.revocations import REREAD_AFTER_S, Revocations
from shared.identity.revoked import RevocationFeed
from shared.identity.role_book import RoleBook
from shared.identity.service_accounts import ServiceAccount
from shared.identity.verifying import (
    Verified,
    find_account,
    find_roles,
    known_keys,
    role_book,
    tokens,
    verified,
)
from shared.platform import clock
from shared.platform.clients import container


class Instance:
    """`reads` counts what it read of the database, but for its one look at what was revoked."""

    def __init__(self) -> None:
        self.passed = timedelta()
        self.reads = 0

    def now(self) -> datetime:
        return clock.now() + self.passed

    def seconds(self) -> float:
        return self.passed.total_seconds()

    def later(self, **passed: float) -> None:
        self.passed += timedelta(**passed)

    def looks_again(self) -> None:
        """It hears of what was revoked meanwhile."""
        self.later(seconds=REREAD_AFTER_S + 0.1)

    async def roles(self, tenant_id: str, role_ids: list[str]) -> list[CustomRole]:
        self.reads += 1
        return await find_roles(tenant_id, role_ids)

    async def account(self, tenant_id: str, key_id: str) -> ServiceAccount | None:
        self.reads += 1
        return await find_account(tenant_id, key_id)


@contextmanager
def another_instance(most: int = MOST_KNOWN) -> Generator[Instance]:
    one = Instance()
    revoked = Revocations(RevocationFeed(container("auth"), clock.now).since, one.seconds)
    book = RoleBook(one.roles, revoked, one.seconds, most)
    uses = CosmosKeyUses(container("auth"))
    keys = KnownKeys(one.account, book, revoked, uses, one.now, most)
    checked = Verified(tokens(), revoked, clock.now)
    with (
        verified.replaced_by(checked),
        role_book.replaced_by(book),
        known_keys.replaced_by(keys),
    ):
        yield one
