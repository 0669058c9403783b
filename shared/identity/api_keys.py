"""From an API key to a caller: a database read when it is first seen, and none while it is known.

A key is known for as long as an access token lives, and no longer than it does itself; revocations
reach it as they reach tokens. What is unknown is remembered for a moment, so that a program that
goes on with a dead key costs little.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from shared.errors import Unauthenticated
from shared.identity.caller import Caller
from shared.identity.kinds import ACCESS
from shared.identity.revocations import Revocations
from shared.identity.rights import rights_of
from shared.identity.role_book import RoleBook
from shared.identity.service_accounts import PresentedKey, ServiceAccount, presented
from shared.platform.clock import Clock

FindAccount = Callable[[str, str], Awaitable[ServiceAccount | None]]
MOST_KNOWN = 10_000
UNKNOWN_FOR = timedelta(seconds=5)
USE_NOTED_EVERY = timedelta(minutes=1)


class Uses(Protocol):
    """Where it is noted that a key is used. Never raises: nobody is refused for a note."""

    async def note(self, caller: Caller, key_id: str, at: datetime) -> None: ...


@dataclass
class Known:
    """A key that was looked up. `caller` None: it does not count."""

    key_id: str
    caller: Caller | None
    until: datetime
    use_noted_at: datetime | None = None


class KnownKeys:
    """API keys, each looked up once and known for a while."""

    def __init__(
        self,
        find: FindAccount,
        book: RoleBook,
        revocations: Revocations,
        uses: Uses,
        now: Clock,
        most: int = MOST_KNOWN,
    ) -> None:
        self._find = find
        self._book = book
        self._revocations = revocations
        self._uses = uses
        self._now = now
        self._most = most
        self._known: OrderedDict[bytes, Known] = OrderedDict()
        self._unknown: OrderedDict[bytes, Known] = OrderedDict()

    async def caller(self, text: str) -> Caller:
        """Whose key this is. Raises Unauthenticated."""
        if self._revocations.due:
            await self._revocations.follow()
        name, at = sha256(text.encode()).digest(), self._now()
        known = self._known.get(name) or self._unknown.get(name)
        if known is None or known.until <= at or self._refused(known):
            known = await self._looked_up(name, presented(text), at)
        if known.caller is None or self._refused(known):
            raise Unauthenticated("This API key is unknown, expired or revoked.")
        await self._note_use(known, known.caller, at)
        return known.caller

    def _refused(self, known: Known) -> bool:
        return known.caller is not None and self._revocations.refuses(known.caller.stamps)

    async def _looked_up(self, name: bytes, key: PresentedKey | None, at: datetime) -> Known:
        if key is None:
            return Known("", None, at)
        before = self._known.pop(name, None)
        self._unknown.pop(name, None)
        found = await self._checked(key, at)
        if before is not None:
            found.use_noted_at = before.use_noted_at
        kept = self._unknown if found.caller is None else self._known
        kept[name] = found
        if len(kept) > self._most:
            kept.popitem(last=False)
        return found

    async def _checked(self, key: PresentedKey, at: datetime) -> Known:
        account = await self._find(key.tenant_id, key.id)
        kept = account.key_of(key.id) if account else None
        if account is None or kept is None or not key.fits(account.key_hashes.get(key.id, "")):
            return Known(key.id, None, at + UNKNOWN_FOR)
        if not account.active or not kept.alive(at):
            return Known(key.id, None, at + UNKNOWN_FOR)
        roles = await self._book.of(account.tenant_id, account.assignments)
        rights = rights_of(account.assignments, roles)
        caller = Caller(
            id=account.id,
            tenant_id=account.tenant_id,
            roles=account.roles,
            name=account.name,
            stamps=account.stamps(kept) + rights.stamps(account.tenant_id),
            kind="service",
            granted=rights.permissions,
            scoped=rights.scoped,
            limited_to=kept.scopes,
        )
        return Known(kept.id, caller, min(kept.expires_at, at + ACCESS.lifetime))

    async def _note_use(self, known: Known, caller: Caller, at: datetime) -> None:
        noted = known.use_noted_at
        if noted is None or at - noted >= USE_NOTED_EVERY:
            known.use_noted_at = at
            await self._uses.note(caller, known.key_id, at)
