"""Who is asking."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.errors import Forbidden, Unauthenticated
from shared.identity.permissions import Role, permissions_of
from shared.identity.revocations import Stamps
from shared.identity.scopes import EVERYWHERE, Grant, Scope

RECENT = timedelta(minutes=10)


class StepUpRequired(Unauthenticated):
    """The login is too old for this, or too weak: prove once more who you are.

    `max_age_s` says how lately, `acr_values` how surely.
    """

    code = "step-up-required"


@dataclass(frozen=True)
class Caller:
    """A person with a login, or a service account with a key (`kind`), in one tenant.

    `stamps` are what revocations are checked against; `assurance` is the level of the login
    (`acr`), which was proven at `authenticated_at` (`auth_time`). `granted` and `scoped` are what
    custom roles add to `roles`; `limited_to` is all that the key is for, whatever its account may.
    """

    id: str
    tenant_id: str
    roles: frozenset[Role]
    name: str = ""
    session_id: str = ""
    stamps: Stamps = ()
    authenticated_at: datetime | None = None
    assurance: str = ""
    kind: str = "user"
    granted: frozenset[str] = frozenset()
    scoped: tuple[Grant, ...] = ()
    limited_to: frozenset[str] | None = None
    permissions: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """`permissions` are those that hold everywhere."""
        everywhere = permissions_of(self.roles) | self.granted
        if self.limited_to is not None:
            everywhere &= self.limited_to
            within = (Grant(g.permissions & self.limited_to, g.scope) for g in self.scoped)
            object.__setattr__(self, "scoped", tuple(within))
        object.__setattr__(self, "permissions", everywhere)

    def may(
        self,
        permission: str,
        *,
        system: str | None = None,
        department_id: str | None = None,
        resource: str | None = None,
    ) -> bool:
        """Everywhere, or in the scope that is asked for: `resource` as in "trips/0198c1d2"."""
        return self.may_within(permission, Scope(system, department_id, resource))

    def may_within(self, permission: str, scope: Scope) -> bool:
        if permission in self.permissions:
            return True
        return scope != EVERYWHERE and any(
            permission in grant.permissions and grant.scope.covers(scope) for grant in self.scoped
        )

    def must(
        self,
        permission: str,
        *,
        system: str | None = None,
        department_id: str | None = None,
        resource: str | None = None,
    ) -> None:
        """Raises Forbidden, naming the permission."""
        if not self.may_within(permission, Scope(system, department_id, resource)):
            raise Forbidden(f"This needs the permission {permission}.", permission=permission)

    def must_be_recent(self, at: datetime) -> None:
        """Raises StepUpRequired unless they have proven who they are within the last minutes."""
        if self.authenticated_at is None or at - self.authenticated_at > RECENT:
            seconds = int(RECENT.total_seconds())
            raise StepUpRequired("Prove who you are, then try again.", max_age_s=seconds)

    def must_be_strong(self) -> None:
        """Raises StepUpRequired for people whose login has no second factor."""
        if self.kind == "user" and self.assurance != "aal2":
            seconds = int(RECENT.total_seconds())
            raise StepUpRequired("Prove a second factor.", max_age_s=seconds, acr_values="aal2")
