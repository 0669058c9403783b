"""Roles, their assignments, service accounts and keys, as tests make them."""

from typing import Any

from functions.auth.api import permissions, roles, service_accounts
from shared.identity.caller import Caller
from shared.identity.verifying import verifier
from shared.platform import clock
from tests.support.http import Answer, HttpFunction, call, somebody

READING = ["documents:read", "trips:read"]
ANY_VERSION = {"if-match": "*"}


def limited(tenant: str, *permissions_: str, **more: Any) -> Caller:
    """Somebody with these permissions alone."""
    granted = frozenset(permissions_)
    return Caller("u-2", tenant, frozenset(), granted=granted, authenticated_at=clock.now(), **more)


async def get(function: HttpFunction, tenant: str, **route: Any) -> Answer:
    return await call(function, method="GET", caller=somebody(tenant), **route)


async def make_role(tenant: str, name: str = "Auditor", *given: str) -> Answer:
    body = {"name": name, "permissions": list(given or READING)}
    return await call(roles.create_role, body, caller=somebody(tenant))


async def change_role(tenant: str, role: Answer, **wish: object) -> Answer:
    return await call(
        roles.change_role,
        wish,
        method="PATCH",
        caller=somebody(tenant),
        headers=ANY_VERSION,
        role_id=role.json["id"],
    )


async def delete_role(tenant: str, role: Answer, **query: str) -> Answer:
    return await call(
        roles.delete_role,
        method="DELETE",
        caller=somebody(tenant),
        headers=ANY_VERSION,
        query=query,
        role_id=role.json["id"],
    )


async def assign(tenant: str, user: Answer, role_id: str, **scope: str) -> Answer:
    return await call(
        permissions.assign_role,
        {"role_id": role_id, **scope},
        caller=somebody(tenant),
        user_id=user.json["id"],
    )


async def make_account(tenant: str, **more: object) -> Answer:
    body = {"name": "Importer", "roles": ["dispatcher"], **more}
    return await call(service_accounts.create_service_account, body, caller=somebody(tenant))


async def change_account(tenant: str, account: Answer, **wish: object) -> Answer:
    return await call(
        service_accounts.change_service_account,
        wish,
        method="PATCH",
        caller=somebody(tenant),
        headers=ANY_VERSION,
        account_id=account.json["id"],
    )


async def make_key(tenant: str, account: Answer, **more: object) -> Answer:
    return await call(
        service_accounts.create_key,
        {"name": "nightly", **more},
        caller=somebody(tenant),
        account_id=account.json["id"],
    )


async def revoke_key(tenant: str, account: Answer, key: Answer) -> Answer:
    return await call(
        service_accounts.revoke_key,
        method="DELETE",
        caller=somebody(tenant),
        account_id=account.json["id"],
        key_id=key.json["id"],
    )


def keyed(key: Answer | str) -> dict[str, str]:
    text = key if isinstance(key, str) else key.json["key"]
    return {"authorization": f"Bearer {text}"}


async def opens(headers: dict[str, str]) -> int:
    """Listing roles needs `auth:read`, which dispatchers have."""
    return (await call(roles.list_roles, method="GET", headers=headers)).status


async def caller_of(key: Answer) -> Caller:
    return await verifier()(keyed(key)["authorization"])
