"""What must not be honoured any more although its token has not expired.

Whoever ends a login or changes a user's rights saves a `Revocation` in the same batch. Every
instance follows the change feed of the container, once every few seconds and not once a request.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from shared.identity.kinds import ACCESS
from shared.records.document import Document

REREAD_AFTER_S = 2.0
LIVES_S = int(ACCESS.lifetime.total_seconds()) + 60  # then no token is left that it could concern


class Revocation(Document):
    """`subject`, a login or a user or whatever else rights hang on, in the least version that
    still counts.

    It lies in the partition of what it stands beside, `partition`.
    """

    audited: ClassVar[bool] = False

    partition: str
    subject: str
    least_version: int = 1
    ttl: int | None = LIVES_S

    @property
    def key(self) -> str:
        return self.partition


def revocation(tenant_id: str, partition: str, subject: str, least_version: int = 1) -> Revocation:
    """To be saved beside what changed."""
    return Revocation(
        id=f"revocation:{subject}",
        tenant_id=tenant_id,
        partition=partition,
        subject=subject,
        least_version=least_version,
    )


def of_session(session_id: str) -> str:
    """The subject that a login is. It has version 0, so that its revocation ends it for good."""
    return f"session:{session_id}"


def of_user(user_id: str) -> str:
    return f"user:{user_id}"


# What a token stands for: subjects, each in the version that it was issued for.
Stamps = tuple[tuple[str, int], ...]
# Gives the revocations since the mark (None: those that still count), and the next mark.
Changes = Callable[[str | None], Awaitable[tuple[list[Revocation], str]]]


class Revocations:
    """What this instance knows. `followed` before `refuses`."""

    def __init__(self, changes: Changes, seconds: Callable[[], float] = time.monotonic) -> None:
        self._changes = changes
        self._seconds = seconds
        self._mark: str | None = None
        self._read_at = float("-inf")
        self._turn = asyncio.Lock()
        self._least: dict[str, tuple[int, float]] = {}

    @property
    def due(self) -> bool:
        """Whether it is time to look again."""
        return self._seconds() - self._read_at > REREAD_AFTER_S

    async def follow(self) -> None:
        """Look what has been revoked; of several who ask at once, one looks for all."""
        async with self._turn:
            if self.due:
                await self._look()

    async def _look(self) -> None:
        asked_at = self._seconds()
        found, mark = await self._changes(self._mark)
        for each in found:
            self._note(each, asked_at)
        self._mark, self._read_at = mark, asked_at
        self._forget(asked_at - LIVES_S)

    def refuses(self, stamps: Stamps) -> bool:
        """Whether a token with these stamps is void."""
        least = self._least
        return any(version < least[subject][0] for subject, version in stamps if subject in least)

    def _note(self, revoked: Revocation, at: float) -> None:
        known = self._least.get(revoked.subject, (0, 0.0))[0]
        self._least[revoked.subject] = (max(known, revoked.least_version), at)

    def _forget(self, before: float) -> None:
        """What no living token can be of."""
        self._least = {key: found for key, found in self._least.items() if found[1] > before}


def read(items: list[Mapping[str, Any]]) -> list[Revocation]:
    """Those among the changes of a container that are revocations."""
    return [
        Revocation.model_validate(item) for item in items if item.get("kind") == Revocation.__name__
    ]
