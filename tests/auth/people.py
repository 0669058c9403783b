"""People with logins, as the tests of auth need them."""

from typing import Any

from functions.auth.api import logins, users
from tests.support.http import Answer, call, somebody

PASSWORD = "correct horse battery"


async def create(tenant: str, email: str = "ann@example.com", **more: object) -> Answer:
    body = {"email": email, "name": "Ann", "roles": ["driver"], "password": PASSWORD, **more}
    return await call(users.create_user, body, caller=somebody(tenant))


async def log_in(
    tenant: str, email: str = "ann@example.com", password: str = PASSWORD, **headers: str
) -> Answer:
    body = {"email": email, "password": password, "tenant_id": tenant}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await call(logins.login, body, headers=named)


async def refresh(tokens: Answer) -> Answer:
    return await call(logins.refresh, {"refresh_token": tokens.json["refresh_token"]})


def bearer(tokens: Answer) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens.json['access_token']}"}


async def me(tokens: Answer) -> Answer:
    return await call(users.read_me, method="GET", headers=bearer(tokens))


async def change(tenant: str, user: Answer, **wish: Any) -> Answer:
    """By an administrator, from whatever version."""
    return await call(
        users.change_user,
        wish,
        method="PATCH",
        caller=somebody(tenant),
        headers={"if-match": "*"},
        user_id=user.json["id"],
    )
