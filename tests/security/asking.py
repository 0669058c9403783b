"""The app's HTTP functions by name, asked with real tokens."""

from collections.abc import Mapping
from typing import Any

from shared.http.declaration import HOST_KEY, PUBLIC
from shared.http.openapi.registered import Registered, http_functions
from tests.auth.people import log_in
from tests.support.app import app_functions
from tests.support.http import Answer, HttpFunction, call, somebody

PASSWORD = "correct horse battery"


def routes() -> dict[str, Registered]:
    """All that the host serves."""
    return {each.name: each for each in http_functions(app_functions())}


def guarded() -> list[Registered]:
    """Found in the app itself, so that none can be forgotten."""
    return [each for each in routes().values() if each.declaration.needs not in {PUBLIC, HOST_KEY}]


def functions() -> dict[str, HttpFunction]:
    """What the host calls, by name."""
    return {each.get_function_name(): each.get_user_function() for each in app_functions()}


def _as_route(ids: Mapping[str, str]) -> Any:
    """No route names a thing as `call` names its own parameters."""
    return ids


class Somebody:
    """Whoever sends this token."""

    def __init__(self, token: str, scheme: str = "Bearer", **headers: str) -> None:
        self._headers = {"authorization": f"{scheme} {token}".strip(), "if-match": "*", **headers}
        self._functions = functions()

    async def ask(
        self, name: str, body: object = None, *, method: str = "", **route: str
    ) -> Answer:
        chosen = method or routes()[name].methods[0]
        return await call(
            self._functions[name], body, method=chosen, headers=self._headers, **_as_route(route)
        )

    async def made(self, name: str, body: object = None, **route: str) -> Any:
        """What the answer to a good wish says."""
        answer = await self.ask(name, body, **route)
        assert answer.status in {200, 201, 202}, (name, answer.status, answer.body)
        return answer.json


async def administrator(tenant: str) -> str:
    """The id of a new administrator."""
    wish: Mapping[str, object] = {
        "email": "boss@example.com",
        "name": "Bea Boss",
        "roles": ["admin"],
        "password": PASSWORD,
    }
    made = await call(functions()["auth_create_user"], wish, caller=somebody(tenant))
    assert made.status == 201, made.body
    return str(made.json["id"])


async def logged_in(tenant: str) -> Somebody:
    """The administrator, just now."""
    tokens = await log_in(tenant, "boss@example.com", PASSWORD)
    return Somebody(tokens.json["access_token"])
