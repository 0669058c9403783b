"""Links and codes that prove an address: each works once, and only the newest of its kind. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Any, ClassVar

from pydantic import AwareDatetime

from functions.auth.domain.refusals import LinkEnded
from functions.auth.domain.user import USERS, User
from shared.records.document import Document, Stored

LIVES = timedelta(minutes=10)
REGISTRATION_LIVES = timedelta(days=3)
PAUSE = timedelta(minutes=1)
MOST_TRIES = 5
KEPT_AFTERWARDS = timedelta(minutes=5)


class Proving(StrEnum):
    """What following the link brings; it brings nothing else."""

    RESET = "reset"
    FIRST = "first"
    EMAIL = "email"
    PHONE = "phone"
    REGISTRATION = "registration"


class Link(Document):
    """What was sent last for one purpose to one person, or would have been if there were one.

    `token_id` names the one token that fits. Machines write it; what follows from it is audited.
    """

    audited: ClassVar[bool] = False

    proving: Proving
    user_id: str = ""
    address: str = ""
    name: str = ""
    token_id: str
    code_hash: str = ""
    tries: int = 0
    sent_at: AwareDatetime
    expires_at: AwareDatetime
    used_at: AwareDatetime | None = None

    @property
    def key(self) -> str:
        return USERS

    def pauses(self, at: datetime) -> bool:
        """Whether the last was sent a moment ago: nobody's mailbox is filled by strangers."""
        return at < self.sent_at + PAUSE

    def waits(self, at: datetime) -> bool:
        """Whether the next must wait for this one, or for its wrong codes to be forgotten."""
        return self.pauses(at) or self._tried_out

    def must_fit(self, token_id: str, at: datetime) -> None:
        """Raises LinkEnded for all but the newest, in time, unused."""
        fits = compare_digest(self.token_id.encode(), token_id.encode())
        if not fits or self.used_at is not None or at >= self.expires_at or self._tried_out:
            raise ended()

    def has_code(self, code: str) -> bool:
        return compare_digest(self.code_hash, code_hash(self.id, self.token_id, code))

    def tried(self) -> "Link":
        """One more wrong code."""
        return self.model_copy(update={"tries": self.tries + 1})

    def lets_in(self, user: User) -> bool:
        """Whether its user may choose a password with it. Not once they have another password or
        address, and a first password only while it is one."""
        since = user.password_changed_at
        fresh = since is None or self.sent_at >= since
        first = self.proving is not Proving.FIRST or user.must_change_password
        return user.active and fresh and first and self.address == user.email

    def used(self, at: datetime) -> "Link":
        return self.model_copy(update={"used_at": at})

    def untold(self) -> "Untold":
        """To be saved where nobody is told, so that it is as much work."""
        return Untold(id=f"untold:{self.token_id}", tenant_id=self.tenant_id)

    @property
    def _tried_out(self) -> bool:
        return self.tries >= MOST_TRIES


class Untold(Document):
    """Stands where a message would, had somebody this address."""

    audited: ClassVar[bool] = False

    ttl: int | None = int(LIVES.total_seconds())

    @property
    def key(self) -> str:
        return USERS


def ended() -> LinkEnded:
    """The same words whatever is wrong."""
    return LinkEnded("This link or code is expired, was used before, or is not the newest.")


def link_id(proving: Proving, whose: str) -> str:
    """`whose` is an address, or a user's id; the same for addresses that nobody has."""
    return f"link:{proving}:{sha256(whose.encode()).hexdigest()}"


def code_hash(link: str, token_id: str, code: str) -> str:
    """Of a code that lives ten minutes and may be tried five times; the token id is its salt."""
    digits = "".join(code.split())
    return sha256(f"{link}/{token_id}/{digits}".encode()).hexdigest()


@dataclass(frozen=True)
class Asked:
    """Who has an address, if anybody, and what was sent to it last."""

    user: Stored[User] | None
    link: Stored[Link] | None


@dataclass(frozen=True)
class Followed:
    """What a token names: a link of a tenant, and the user that it is about."""

    tenant_id: str
    link_id: str
    token_id: str
    user_id: str


def claims(link: Link) -> dict[str, Any]:
    """What the token of a link says. Nobody's link has a token too, which is thrown away."""
    return {
        "sub": link.user_id or "nobody",
        "jti": link.token_id,
        "tenant_id": link.tenant_id,
        "link": link.id,
    }


def followed(said: Mapping[str, Any]) -> Followed:
    """From the claims of a token that was verified. Raises LinkEnded for another kind's."""
    if "link" not in said:
        raise ended()
    return Followed(said["tenant_id"], said["link"], said["jti"], said["sub"])
