"""System roles, and what each may do.

Each permission that an endpoint needs stands here, and no other. Roles that a tenant makes for
itself are made of the same (shared.identity.custom_roles).
"""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the company."""

    ADMIN = "admin"
    DISPATCHER = "dispatcher"
    DRIVER = "driver"
    MEMBER = "member"


MEMBER = frozenset(
    {
        "calls:join",
        "calls:read",
        "documents:read",
        "esignature:read",
        "notifications:read",
    }
)
DRIVER = MEMBER | {
    "calls:write",
    "documents:write",
    "geofencing:read",
    "geofencing:report",
    "trips:drive",
    "trips:read",
}
DISPATCHER = MEMBER | {
    "auth:read",
    "calls:write",
    "documents:write",
    "esignature:verify",
    "esignature:write",
    "geofencing:read",
    "geofencing:write",
    "notifications:write",
    "trips:read",
    "trips:write",
}
ADMIN = (
    DISPATCHER
    | DRIVER
    | {"audit:read", "auth:keys", "auth:roles", "auth:write", "notifications:audit"}
)

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.MEMBER: MEMBER,
    Role.DRIVER: DRIVER,
    Role.DISPATCHER: DISPATCHER | {"audit:read"},
    Role.ADMIN: ADMIN,
}

KNOWN = frozenset().union(*PERMISSIONS.values())


def permissions_of(roles: frozenset[Role]) -> frozenset[str]:
    """All that any of the roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
