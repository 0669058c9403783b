"""One login, for as long as it lasts: idle and absolute limits, rotation, its end."""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import ClassVar

from pydantic import AwareDatetime

from shared.identity.revocations import Revocation, of_session, revocation
from shared.records.document import Document


class Assurance(StrEnum):
    """How surely somebody is who they say: NIST SP 800-63B, section 2."""

    AAL1 = "aal1"
    AAL2 = "aal2"


# How long a login may stand idle, and how long it lasts at most.
LIMITS = {
    Assurance.AAL1: (timedelta(days=1), timedelta(days=30)),
    Assurance.AAL2: (timedelta(minutes=30), timedelta(hours=12)),
}


class Session(Document):
    """One login. Its refresh token changes at each use; an old one coming back ends the session."""

    hidden: ClassVar[frozenset[str]] = frozenset({"secret_hash"})
    personal: ClassVar[frozenset[str]] = frozenset({"address", "device"})

    user_id: str
    secret_hash: str
    started_at: AwareDatetime
    seen_at: AwareDatetime
    assurance: Assurance = Assurance.AAL1
    authenticated_at: AwareDatetime
    device: str = ""
    address: str = ""
    refreshed: int = 0
    ended_at: AwareDatetime | None = None
    ttl: int | None = int(timedelta(days=31).total_seconds())

    @property
    def key(self) -> str:
        return sessions_of(self.user_id)

    @property
    def expires_at(self) -> datetime:
        """When it ends by itself, if it is not used before."""
        idle, absolute = LIMITS[self.assurance]
        return min(self.seen_at + idle, self.started_at + absolute)

    def accepts(self, secret: str) -> bool:
        return compare_digest(self.secret_hash, hashed(secret))

    def alive(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.expires_at

    def rotated(self, secret: str, at: datetime) -> "Session":
        """The same login with its next refresh token, seen now."""
        update = {"secret_hash": hashed(secret), "refreshed": self.refreshed + 1, "seen_at": at}
        return self.model_copy(update=update)

    def strengthened(self, at: datetime) -> "Session":
        """Its owner has proven a second factor in it; its tokens say so after the next refresh."""
        update = {"assurance": Assurance.AAL2, "authenticated_at": at, "seen_at": at}
        return self.model_copy(update=update)

    def ended(self, at: datetime) -> "Session":
        return self.model_copy(update={"ended_at": at})

    def revocation(self) -> Revocation:
        return revocation(self.tenant_id, self.key, of_session(self.id))


def sessions_of(user_id: str) -> str:
    """The partition of a user's sessions, so that all can be ended together."""
    return f"sessions:{user_id}"


def hashed(secret: str) -> str:
    """Enough for a random secret of 256 bits; passwords go through Argon2id instead."""
    return sha256(secret.encode()).hexdigest()
