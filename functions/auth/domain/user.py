"""Somebody with a login, and what stands beside them."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime, Field, computed_field

from functions.auth.domain.factors import STRONG, Factor, FactorSecret
from functions.auth.domain.folding import folded
from functions.auth.domain.session import Session
from shared.contracts.auth import UserChanged
from shared.identity.custom_roles import Assignment
from shared.identity.permissions import Role
from shared.identity.revocations import Revocation, of_user, revocation
from shared.records.document import Document

USERS = "users"


class User(Document):
    """Somebody with a login. A tenant's users share a partition, so that e-mails are unique.

    `version` grows with each change, `rights_version` with those that tokens must not outlive.
    """

    hidden: ClassVar[frozenset[str]] = frozenset(
        {"password_hash", "factor_secrets", "factors_reset_hash"}
    )
    personal: ClassVar[frozenset[str]] = frozenset(
        {"email", "name", "phone", "locale", "time_zone", "external_id", "factors"}
    )

    email: str
    name: str
    phone: str | None = None
    email_verified_at: AwareDatetime | None = None
    phone_verified_at: AwareDatetime | None = None
    locale: str | None = None
    time_zone: str | None = None
    department_id: str | None = None
    external_id: str | None = None
    roles: frozenset[Role]
    assignments: tuple[Assignment, ...] = ()
    active: bool = True
    password_hash: str
    version: int = 1
    rights_version: int = 1
    created_at: AwareDatetime
    password_changed_at: AwareDatetime | None = None
    password_expires_at: AwareDatetime | None = None
    must_change_password: bool = False
    kept_session_id: str = ""
    factors: tuple[Factor, ...] = ()
    factor_secrets: dict[str, FactorSecret] = Field(default_factory=dict)
    protected_at: AwareDatetime | None = None
    factors_reset_hash: str = ""

    @property
    def key(self) -> str:
        return USERS

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def search(self) -> str:
        """What a search is compared with; kept, since a query cannot fold."""
        return folded(f"{self.name} {self.email}")

    def with_password(self, password_hash: str, at: datetime, session_id: str) -> "User":
        """Every login ends that began before, but the one that changed it."""
        return self.changed(
            password_hash=password_hash,
            password_changed_at=at,
            password_expires_at=None,
            must_change_password=False,
            kept_session_id=session_id,
        )

    def reset(self, password_hash: str, at: datetime) -> "User":
        """Every login ends, and every token of one is void with the save."""
        changed = self.with_password(password_hash, at, "")
        return changed.model_copy(update={"rights_version": self.rights_version + 1})

    def may_log_in(self, at: datetime) -> bool:
        """Not the disabled, nor with a first password that nobody came to use in time."""
        expires = self.password_expires_at
        return self.active and (expires is None or at < expires)

    @property
    def email_verified(self) -> bool:
        return self.email_verified_at is not None

    @property
    def phone_verified(self) -> bool:
        return self.phone_verified_at is not None

    def rehashed(self, password_hash: str) -> "User":
        """The same password, kept in today's form: nothing ends and nobody need hear of it."""
        return self.model_copy(update={"password_hash": password_hash})

    def lets_on(self, session: Session) -> bool:
        """Whether a login may go on."""
        limits = [since for since in (self.password_changed_at, self.protected_at) if since]
        outlived = all(session.started_at >= since for since in limits)
        return self.active and (outlived or session.id == self.kept_session_id)

    @property
    def protected(self) -> bool:
        """Whether a password alone does not let them in."""
        return any(factor.confirmed for factor in self.factors)

    @property
    def strongly_protected(self) -> bool:
        """Whether a factor of theirs is more than a mailbox, or codes that stand in for one."""
        return any(factor.confirmed and factor.kind in STRONG for factor in self.factors)

    def changed(self, **update: object) -> "User":
        """With other rights, tokens of the old ones count no more."""
        rights = any(self._becomes_other(name, update) for name in RIGHTS)
        unproven = {
            f"{name}_verified_at": None for name in ADDRESSES if self._becomes_other(name, update)
        }
        versions = {"version": self.version + 1, "rights_version": self.rights_version + rights}
        return self.model_copy(update={**unproven, **update, **versions})

    def _becomes_other(self, name: str, update: Mapping[str, object]) -> bool:
        return name in update and update[name] != getattr(self, name)

    def revocation(self) -> Revocation:
        return revocation(self.tenant_id, USERS, of_user(self.id), self.rights_version)

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


RIGHTS = ("roles", "assignments", "active")
ADDRESSES = ("email", "phone")


class EmailOwner(Document):
    """Stands beside a user: its id is the address, so a second user cannot have it."""

    user_id: str

    @property
    def key(self) -> str:
        return USERS


def owner_id(email: str) -> str:
    return f"email:{email}"


def email_owner(user: User) -> EmailOwner:
    return EmailOwner(id=owner_id(user.email), tenant_id=user.tenant_id, user_id=user.id)


class FirstAdministrator(Document):
    """Stands beside the first administrator, so that there is only one."""

    user_id: str

    @property
    def key(self) -> str:
        return USERS
