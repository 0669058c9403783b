"""What role assignments come to, and how a token says it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shared.identity.custom_roles import Assignment, CustomRole, of_role, permissions_in
from shared.identity.revocations import Stamps
from shared.identity.scopes import EVERYWHERE, Grant, Scope

SCOPES = ("system", "department_id", "resource")
MOST_CLAIMS_CHARACTERS = 3500  # so that with all else a token stays below what headers may hold


@dataclass(frozen=True)
class Rights:
    """Permissions that hold everywhere, those that hold within scopes, and the versions of the
    custom roles that they come from."""

    permissions: frozenset[str] = frozenset()
    scoped: tuple[Grant, ...] = ()
    versions: Mapping[str, int] = field(default_factory=dict)

    def claims(self) -> dict[str, Any]:
        """What an access token says: nothing for those who have no more than system roles."""
        if not self.versions and not self.scoped:
            return {}
        scoped = [
            {"permissions": " ".join(sorted(grant.permissions)), **_said(grant.scope)}
            for grant in self.scoped
        ]
        return {
            "perms": " ".join(sorted(self.permissions)),
            "scoped": scoped,
            "rver": dict(sorted(self.versions.items())),
        }

    @property
    def too_long(self) -> bool:
        """For a token, and so for the header that it travels in."""
        return len(str(self.claims())) > MOST_CLAIMS_CHARACTERS

    def that_fit(self) -> "Rights":
        """As many scopes as a token has room for: rather too few rights than no login at all."""
        fitting = self
        while fitting.too_long and fitting.scoped:
            fitting = replace(fitting, scoped=fitting.scoped[:-1])
        return fitting

    def stamps(self, tenant_id: str) -> Stamps:
        """What their revocation is checked against."""
        return tuple((of_role(tenant_id, name), n) for name, n in self.versions.items())


def rights_of(assignments: Iterable[Assignment], roles: Mapping[str, CustomRole]) -> Rights:
    """`roles` are the custom ones, by id."""
    within: dict[Scope, frozenset[str]] = {}
    versions: dict[str, int] = {}
    for each in assignments:
        role = roles.get(each.role_id)
        given = permissions_in(each.role_id, role)
        within[each.scope] = within.get(each.scope, frozenset()) | given
        if role is not None:
            versions[role.id] = role.version
    everywhere = within.pop(EVERYWHERE, frozenset())
    scoped = {scope: given - everywhere for scope, given in within.items()}
    grants = tuple(Grant(given, scope) for scope, given in scoped.items() if given)
    return Rights(everywhere, grants, versions)


def read_rights(claims: Mapping[str, Any]) -> Rights:
    """From the claims of a token that was verified."""
    scoped = tuple(
        Grant(frozenset(said["permissions"].split()), _scope(said))
        for said in claims.get("scoped", ())
    )
    return Rights(frozenset(claims.get("perms", "").split()), scoped, claims.get("rver", {}))


def _said(scope: Scope) -> dict[str, str]:
    return {name: value for name in SCOPES if (value := getattr(scope, name)) is not None}


def _scope(said: Mapping[str, str]) -> Scope:
    return Scope(*(said.get(name) for name in SCOPES))
