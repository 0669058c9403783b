"""What operators see in the portal."""

from pathlib import Path
from typing import Any

import pytest

from shared.http.declaration import HOST_KEY, PUBLIC
from shared.http.endpoint import endpoint
from shared.http.openapi.registered import Registered
from shared.identity.permissions import PERMISSIONS
from shared.platform.settings import CAPABILITIES
from tests.architecture import rules

NAMES = Path(__file__).with_name("functions.txt")
PERMITTED = frozenset().union(*PERMISSIONS.values())


def test_these_are_the_functions(functions: list[Any]) -> None:
    """A rename or a new function is a change of functions.txt, which somebody reviews."""
    names = sorted(str(function.get_function_name()) for function in functions)

    assert names == NAMES.read_text(encoding="utf-8").split()
    assert rules.badly_named(names, CAPABILITIES) == []


def test_every_endpoint_is_guarded_or_says_that_it_is_public(http: list[Registered]) -> None:
    assert rules.unguarded(http, PERMITTED) == []
    assert rules.without_host_key(http) == []


def test_every_permission_is_needed_somewhere(http: list[Registered]) -> None:
    """But for those that use cases ask for themselves."""
    needed = {each.declaration.needs for each in http}

    assert sorted(PERMITTED - needed - {"documents:read"}) == []


def test_no_two_functions_share_a_route(http: list[Registered]) -> None:
    assert rules.doubled_routes(http) == []


def test_every_handler_reads_what_its_endpoint_declares(functions: list[Any]) -> None:
    """`takes` and `asks` are what the handler's `Call[...]` says."""
    from typing import get_args, get_type_hints

    for function in functions:
        declaration = getattr(function.get_user_function(), "declaration", None)
        if declaration is None:
            continue
        handler = function.get_user_function().handler
        hints = get_type_hints(handler)
        hints.pop("return", None)
        (call,) = hints.values()
        body, asks = (*get_args(call), None, None)[:2] if get_args(call) else (None, None)
        takes = bytes if declaration.takes and not isinstance(declaration.takes, type) else None
        expected = takes or declaration.takes or type(None)
        assert (body or type(None)) is expected, handler
        assert (asks or type(None)) is (declaration.asks or type(None)), handler


def registered(name: str, needs: str, path: str = "v1/x", auth: str = "anonymous") -> Registered:
    async def handler(_call: object) -> None:
        """Do."""

    declaration = endpoint(needs=needs)(handler).declaration  # type: ignore[attr-defined]
    return Registered(name, path, ("GET",), auth, declaration)


@pytest.mark.parametrize("name", ["Start", "trips-start", "trips", "fleet_start"])
def test_a_bad_name_is_noticed(name: str) -> None:
    assert rules.badly_named([name], CAPABILITIES) == [name]


def test_an_unguarded_endpoint_is_noticed() -> None:
    assert rules.unguarded([registered("trips_start", "trips:fly")], PERMITTED) == ["trips_start"]
    assert rules.without_host_key([registered("a", HOST_KEY)]) == ["a"]
    assert rules.without_host_key([registered("a", PUBLIC, auth="admin")]) == ["a"]


def test_a_doubled_route_is_noticed() -> None:
    one = registered("trips_a", PUBLIC, "v1/trips/{trip_id}")
    other = registered("trips_b", PUBLIC, "v1/trips/{id}")

    assert rules.doubled_routes([one, other]) == ["GET v1/trips/{}"]
