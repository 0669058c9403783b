"""Users and their sessions, and what may become of them. Pure: no clock, no I/O."""

from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import ClassVar

from pydantic import AwareDatetime

from shared.contracts.auth import UserChanged
from shared.errors import Conflict, Unauthenticated
from shared.identity.permissions import Role
from shared.records.document import Document

USERS = "users"
SESSION_LIVES = timedelta(days=1)


class EmailTaken(Conflict):
    """Another user has this e-mail address."""

    code = "email-taken"


class AlreadySetUp(Conflict):
    """The first administrator exists."""

    code = "already-set-up"


class OwnAdministration(Conflict):
    """Administrators cannot disable themselves or give up their own role."""

    code = "own-administration"


class LoginFailed(Unauthenticated):
    """Unknown user, wrong password and disabled user are told with the same words."""

    code = "login-failed"


class SessionEnded(Unauthenticated):
    """The refresh token is unknown, expired, used before or logged out."""

    code = "session-ended"


class User(Document):
    """Somebody with a login. A tenant's users share a partition, so that e-mails are unique."""

    hidden: ClassVar[frozenset[str]] = frozenset({"password_hash"})

    email: str
    name: str
    phone: str | None = None
    roles: frozenset[Role]
    active: bool = True
    password_hash: str
    version: int = 1
    created_at: AwareDatetime
    password_changed_at: AwareDatetime | None = None
    kept_session_id: str = ""

    @property
    def key(self) -> str:
        return USERS

    def with_password(self, password_hash: str, at: datetime, session_id: str) -> "User":
        """Every login ends that began before, but the one that changed it."""
        return self.changed(
            password_hash=password_hash, password_changed_at=at, kept_session_id=session_id
        )

    def lets_on(self, session: "Session") -> bool:
        """Whether a login may go on."""
        since = self.password_changed_at
        outlived = since is None or session.started_at >= since
        return self.active and (outlived or session.id == self.kept_session_id)

    def changed(self, **update: object) -> "User":
        return self.model_copy(update={**update, "version": self.version + 1})

    def told(self, at: datetime) -> UserChanged:
        """The snapshot that others keep."""
        return UserChanged(
            tenant_id=self.tenant_id,
            at=at,
            user_id=self.id,
            version=self.version,
            name=self.name,
            email=self.email,
            phone=self.phone,
            roles=sorted(self.roles),
            active=self.active,
        )


class EmailOwner(Document):
    """Stands beside a user: its id is the address, so a second user cannot have it."""

    user_id: str

    @property
    def key(self) -> str:
        return USERS


def email_owner(user: User) -> EmailOwner:
    return EmailOwner(id=f"email:{user.email}", tenant_id=user.tenant_id, user_id=user.id)


class FirstAdministrator(Document):
    """Stands beside the first administrator, so that there is only one."""

    user_id: str

    @property
    def key(self) -> str:
        return USERS


class Session(Document):
    """One login. Its refresh token changes at each use; an old one coming back ends the session."""

    hidden: ClassVar[frozenset[str]] = frozenset({"secret_hash"})

    user_id: str
    secret_hash: str
    started_at: AwareDatetime
    expires_at: AwareDatetime
    refreshed: int = 0
    ended_at: AwareDatetime | None = None
    ttl: int | None = int(SESSION_LIVES.total_seconds())

    @property
    def key(self) -> str:
        return sessions_of(self.user_id)

    def accepts(self, secret: str) -> bool:
        return compare_digest(self.secret_hash, hashed(secret))

    def alive(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.expires_at

    def rotated(self, secret: str) -> "Session":
        """The same login with its next refresh token; it does not live longer for it."""
        return self.model_copy(
            update={"secret_hash": hashed(secret), "refreshed": self.refreshed + 1}
        )

    def ended(self, at: datetime) -> "Session":
        return self.model_copy(update={"ended_at": at})


def sessions_of(user_id: str) -> str:
    """The partition of a user's sessions, so that all can be ended together."""
    return f"sessions:{user_id}"


def hashed(secret: str) -> str:
    """Enough for a random secret of 256 bits; passwords go through Argon2id instead."""
    return sha256(secret.encode()).hexdigest()


class RefreshToken:
    """`tenant~user~session~secret`: where its session is kept, and the proof."""

    def __init__(self, tenant_id: str, user_id: str, session_id: str, secret: str) -> None:
        self.tenant_id, self.user_id = tenant_id, user_id
        self.session_id, self.secret = session_id, secret

    def __str__(self) -> str:
        return "~".join((self.tenant_id, self.user_id, self.session_id, self.secret))

    @classmethod
    def parsed(cls, text: str) -> "RefreshToken":
        """Raises SessionEnded."""
        parts = text.split("~")
        if len(parts) != 4 or not all(parts):
            raise SessionEnded("Log in again.")
        return cls(*parts)
