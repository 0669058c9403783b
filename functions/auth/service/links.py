"""Makes links, sends them, and says whether the token of one still fits."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from functions.auth.domain.links import (
    KEPT_AFTERWARDS,
    LIVES,
    Link,
    Proving,
    claims,
    ended,
    followed,
    link_id,
)
from functions.auth.domain.user import User
from functions.auth.service.ports import IssueToken, Links, VerifyToken
from shared.contracts import Told
from shared.errors import Conflict, Stale, Unauthenticated
from shared.identity.kinds import TokenKind
from shared.platform.clock import Clock
from shared.records.document import Beside, Stored


class LinkService:
    """The newest link of each kind is the one that works."""

    def __init__(self, links: Links, issue: IssueToken, verify: VerifyToken, now: Clock) -> None:
        self.kept = links
        self._issue = issue
        self._verify = verify
        self.now = now

    def made(
        self,
        proving: Proving,
        tenant_id: str,
        whose: str,
        lives: timedelta = LIVES,
        **about: Any,
    ) -> Link:
        """A new one, not saved yet. `whose` is an address, or a user's id."""
        now = self.now()
        return Link(
            id=link_id(proving, whose),
            tenant_id=tenant_id,
            proving=proving,
            token_id=secrets.token_urlsafe(24),
            sent_at=now,
            expires_at=now + lives,
            ttl=int((lives + KEPT_AFTERWARDS).total_seconds()),
            **about,
        )

    async def token(self, kind: TokenKind, link: Link) -> str:
        return await self._issue(kind, link.sent_at, claims(link))

    async def sent(self, last: Stored[Link] | None, link: Link, *told: Told) -> None:
        """Saved in place of the last. Of two that are asked for at the same moment, one is sent."""
        stored = last.now(link) if last else Stored(link)
        beside = () if told else (Beside(link.untold()),)
        try:
            await self.kept.save(stored, "send link", *told, beside=beside)
        except (Conflict, Stale):
            return

    async def followed(
        self, kind: TokenKind, token: str, *provings: Proving
    ) -> tuple[Stored[Link], Stored[User] | None, datetime]:
        """The link that a token names, and its user, in one query. Raises LinkEnded."""
        now = self.now()
        try:
            said = followed(await self._verify(kind, token, now))
        except Unauthenticated as error:
            raise ended() from error
        found = await self.kept.by_user(said.tenant_id, said.user_id, said.link_id)
        if found.link is None or found.link.document.proving not in provings:
            raise ended()
        found.link.document.must_fit(said.token_id, now)
        return found.link, found.user, now
