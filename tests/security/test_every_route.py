"""Every route that is not public, against every way to come in without the right to."""

import pytest

from shared.http.declaration import SIGNED_IN
from shared.http.openapi.registered import Registered
from shared.identity.permissions import PERMISSIONS, Role
from tests.security.asking import Somebody, guarded, routes
from tests.security.forging import claims, forgeries, good
from tests.support.http import Answer

pytestmark = pytest.mark.usefixtures("records")
ALIASES = {"auth_older_logout", "auth_older_auth_logout"}
Asked = tuple[Registered, str]


def everything() -> list[Asked]:
    """Each guarded route with each of its methods."""
    return [(each, method) for each in guarded() for method in each.methods]


async def ask(asked: Asked, token: str) -> Answer:
    return await ask_as(Somebody(token), asked)


async def ask_as(somebody: Somebody, asked: Asked) -> Answer:
    route, method = asked
    return await somebody.ask(route.name, method=method, **dict.fromkeys(route.parameters, "1"))


async def test_a_forgery_is_refused_by_every_route(tenant: str) -> None:
    attacks = await forgeries(claims(tenant, "admin"))
    assert len(everything()) >= 60
    assert len(attacks) >= 8
    let_in = [
        (asked[0].name, name)
        for asked in everything()
        for name, token in attacks.items()
        if (await ask(asked, token)).status != 401
    ]
    assert let_in == []


async def test_without_a_token_every_route_is_closed() -> None:
    nobody = [
        Somebody("", ""),
        Somebody("YTpi", "Basic"),
        Somebody("", "Bearer"),
        Somebody("", "", **{"x-user": "root", "x-ms-client-principal": "root"}),
        Somebody("", "", **{"x-api-key": "cak_made.up"}),
    ]
    let_in = [
        (route.name, number)
        for route, method in everything()
        for number, each in enumerate(nobody)
        if (await ask_as(each, (route, method))).status != 401
    ]
    assert let_in == []


@pytest.mark.parametrize("roles", [(), *((role,) for role in Role)], ids="".join)
async def test_without_the_permission_every_route_is_closed(
    tenant: str, roles: tuple[Role, ...]
) -> None:
    """For nobody in particular, and for each role where the permission is not its own."""
    token = await good(claims(tenant, *roles))
    held = frozenset().union(*(PERMISSIONS[role] for role in roles), {SIGNED_IN})
    closed = [each for each in everything() if each[0].declaration.needs not in held]
    wrong = {}
    for asked in closed:
        answer = await ask(asked, token)
        needs = asked[0].declaration.needs
        if (answer.status, answer.code, answer.json.get("permission")) != (403, "forbidden", needs):
            wrong[asked[0].name, asked[1]] = answer.status, answer.body
    assert wrong == {}
    assert len(closed) >= (0 if Role.ADMIN in roles else 20)


async def test_the_token_that_the_forgeries_are_made_of_is_let_in(tenant: str) -> None:
    """So that each refusal above is for what it is named for."""
    token = await good(claims(tenant, "admin"))
    refused = [
        route.name
        for route, method in everything()
        if (await ask((route, method), token)).status == 401
    ]
    assert refused == []


def test_the_routes_of_older_clients_are_among_them() -> None:
    assert {each.name for each in guarded()} >= ALIASES
    assert len([name for name in routes() if name.startswith("auth_older_")]) >= 6
