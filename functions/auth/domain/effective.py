"""What somebody may do in the end, and which of their roles says so. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from shared.identity.custom_roles import Assignment, CustomRole, permissions_in
from shared.identity.permissions import Role
from shared.identity.scopes import EVERYWHERE

Reason = dict[str, Any]


def effective(
    system_roles: Iterable[Role],
    assignments: Iterable[Assignment],
    custom: Mapping[str, CustomRole],
) -> list[dict[str, Any]]:
    """Permissions in alphabetical order, each {permission, everywhere, given_by}."""
    reasons: dict[str, list[Reason]] = {}
    for permission, reason in _all(system_roles, assignments, custom):
        reasons.setdefault(permission, []).append(reason)
    return [
        {
            "permission": permission,
            "everywhere": any(_everywhere(reason) for reason in given_by),
            "given_by": given_by,
        }
        for permission, given_by in sorted(reasons.items())
    ]


def _all(
    system_roles: Iterable[Role],
    assignments: Iterable[Assignment],
    custom: Mapping[str, CustomRole],
) -> Iterator[tuple[str, Reason]]:
    for role in sorted(system_roles):
        for permission in permissions_in(role, None):
            yield permission, {"role_id": role, "role_name": role, **asdict(EVERYWHERE)}
    for each in assignments:
        known = custom.get(each.role_id)
        reason = {
            "role_id": each.role_id,
            "role_name": known.name if known else each.role_id,
            "assignment_id": each.id,
            **asdict(each.scope),
        }
        for permission in permissions_in(each.role_id, known):
            yield permission, reason


def _everywhere(reason: Reason) -> bool:
    return all(reason[name] is None for name in asdict(EVERYWHERE))
