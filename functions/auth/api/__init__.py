"""Auth over HTTP."""

from functions.auth.api import (
    aliases,
    departments,
    factors,
    imports,
    introspection,
    invitations,
    keys,
    logins,
    mfa,
    passkeys,
    permissions,
    recovery,
    roles,
    service_accounts,
    sessions,
    users,
)
from functions.auth.api.blueprint import bp

__all__ = [
    "aliases",
    "bp",
    "departments",
    "factors",
    "imports",
    "introspection",
    "invitations",
    "keys",
    "logins",
    "mfa",
    "passkeys",
    "permissions",
    "recovery",
    "roles",
    "service_accounts",
    "sessions",
    "users",
]
