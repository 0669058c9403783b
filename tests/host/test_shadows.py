"""Functions that are never reached, found before anybody calls them in vain."""

from typing import Any

import pytest

from local.host import shadows
from local.host.http_routes import route_table
from local.host.index import IndexedFunction
from local.host.routes import RouteTable


def function(name: str, route: str, *methods: str) -> IndexedFunction:
    trigger: dict[str, Any] = {"type": "httpTrigger", "route": route, "methods": list(methods)}
    return IndexedFunction(name, name, trigger, None, disabled=False)


def found(*functions: IndexedFunction) -> list[tuple[str, str, str]]:
    table: RouteTable[IndexedFunction] = route_table(functions, "api")
    routes = [
        (each, f"api/{each.trigger['route']}", frozenset(each.trigger["methods"]))
        for each in functions
    ]
    return list(shadows.shadowed(table, routes))


@pytest.mark.parametrize(
    ("general", "special"),
    [
        ("items/{id}", "items/recent"),
        ("{*rest}", "items/{id:int}"),
        ("items/{id:alpha}", "Items/recent"),
        ("items/{a}/{b}", "items/{id:guid}/parts"),
        ("items/{a}", "items/{id:datetime}"),
        ("items/{a}", "items/{id:file}"),
    ],
)
def test_the_special_route_needs_the_earlier_name(general: str, special: str) -> None:
    assert found(function("a", special), function("b", general)) == []
    assert found(function("a", general), function("b", special)) == [("b", "GET", "a")]


def test_only_methods_that_both_take_count() -> None:
    general = function("a", "items/{id}", "GET", "DELETE")
    assert found(general, function("b", "items/recent", "POST")) == []
    both = function("b", "items/recent", "DELETE", "POST")
    assert found(general, both) == [("b", "DELETE", "a")]


def test_a_route_that_no_sample_fits_is_left_unjudged() -> None:
    assert found(function("a", "{x}"), function("b", "{x:regex(^never$)}")) == []
