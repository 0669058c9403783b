"""Route templates: what they match, which goes first, and which cannot be served."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.host.http_request import path_segments, query_values
from local.host.routes import Match, RouteTable, RouteTaken

GET = frozenset({"GET"})


def table(*templates: str) -> RouteTable[str]:
    made: RouteTable[str] = RouteTable()
    for template in templates:
        made.add(template, GET, template)
    return made


def found(routes: RouteTable[str], path: str, method: str = "GET") -> Any:
    match = routes.find(method, path_segments(path))
    return (match.answers, match.values) if isinstance(match, Match) else match


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("a/{x}", "/a/1", {"x": "1"}),
        ("a/{x}", "/A/B%20c", {"x": "B c"}),
        ("a/{x}", "/a/b%2Fc", {"x": "b%2Fc"}),
        ("a/{x}", "/a/%C3%BC", {"x": "ü"}),
        ("a/{x?}", "/a", {}),
        ("a/{x?}", "/a/1", {"x": "1"}),
        ("a/{x=7}", "/a", {"x": "7"}),
        ("a/{x=7}", "/a/1", {"x": "1"}),
        ("a/{x=7}/{y=8}", "/a/1", {"x": "1", "y": "8"}),
        ("a/{x:int=7}", "/a", {"x": "7"}),
        ("a/{x:int?}", "/a/-12", {"x": "-12"}),
        ("a/{*rest}", "/a/b/c/d", {"rest": "b/c/d"}),
        ("a/{*rest}", "/a", {}),
        ("{*rest}", "/", {}),
        ("{x}/{y}", "/1/2/", {"x": "1", "y": "2"}),
        ("report-{id}.pdf", "/Report-12.PDF", {"id": "12"}),
        ("{a}-{b}", "/1-2-3", {"a": "1-2", "b": "3"}),
        ("{a:int}-{b}", "/1-2", {"a": "1", "b": "2"}),
        ("{name}.{extension?}", "/a.b.pdf", {"name": "a.b", "extension": "pdf"}),
        ("{name}.{extension?}", "/plain", {"name": "plain"}),
        ("a{{b}}", "/a{b}", {}),
        ("a/{*rest:int}", "/a/12", {"rest": "12"}),
        ("a/{**rest}", "/a/1/2", {"rest": "1/2"}),
        ("a/{x:regex(^[a-c]{{2}}$)}", "/a/AB", {"x": "AB"}),
        ("a/{x:regex(^(x|y)z$)}/b", "/a/yz/b", {"x": "yz"}),
        ("a/{x:length(2):alpha?}", "/a", {}),
        ("", "/", {}),
    ],
)
def test_what_a_template_matches(template: str, path: str, values: dict[str, str]) -> None:
    assert found(table(template), path) == (template, values)


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("a/{x}", "/a"),
        ("a/{x}", "/a/1/2"),
        ("a/{x}/b", "/a//b"),
        ("a/{x:int}", "/a/1.5"),
        ("a/{x:int}", "/a/2147483648"),
        ("a/{x:int}", "/a/٣"),
        ("a/{x:long}", "/a/9223372036854775808"),
        ("a/{x:bool}", "/a/yes"),
        ("a/{x:alpha}", "/a/b1"),
        ("a/{x:guid}", "/a/123"),
        ("a/{x:decimal}", "/a/1;5"),
        ("a/{x:datetime}", "/a/yesterday"),
        ("a/{x:alpha:length(2)}", "/a/abc"),
        ("a/{x:alpha:length(2)}", "/a/a1"),
        ("{a:int}-{b}", "/x-2"),
        ("a/{*rest:int}", "/a/12/3"),
        ("a/{x:regex(^[a-c]{{2}}$)}", "/a/abc"),
        ("a", "/b"),
        ("a", "/a/b"),
    ],
)
def test_what_it_does_not_match(template: str, path: str) -> None:
    assert found(table(template), path) == frozenset()


@pytest.mark.parametrize(
    ("constraint", "value"),
    [
        ("int", "2147483647"),
        ("long", "9223372036854775807"),
        ("bool", "True"),
        ("alpha", "Abc"),
        ("guid", "0190b9a0-7f6e-7cc0-8000-00000000000A"),
        ("guid", "0190b9a07f6e7cc0800000000000000A"),
        ("decimal", "-1.50"),
        ("double", "3"),
        ("guid", "{0190b9a0-7f6e-7cc0-8000-00000000000A}"),
        ("decimal", "1,000.5"),
        ("double", "1e-3"),
        ("float", "NaN"),
        ("datetime", "2026-11-20T10:00:00"),
        ("min(3)", "3"),
        ("max(3)", "-7"),
        ("range(3,5)", "5"),
        ("minlength(2)", "ab"),
        ("maxlength(2)", "ab"),
        ("length(1)", "ä"),
        ("length(2)", "\U0001f600"),
        ("length(2,3)", "abc"),
        ("required", "x"),
        ("file", "a.txt"),
        ("nonfile", "a"),
    ],
)
def test_constraints_that_hold(constraint: str, value: str) -> None:
    assert found(table(f"a/{{x:{constraint}}}"), f"/a/{value}")[1] == {"x": value}


@pytest.mark.parametrize(
    ("constraint", "value"),
    [
        ("min(3)", "2"),
        ("max(3)", "4"),
        ("range(3,5)", "6"),
        ("minlength(2)", "a"),
        ("maxlength(2)", "abc"),
        ("length(1)", "\U0001f600"),
        ("file", "a"),
        ("nonfile", "a.txt"),
        ("double", "1.2.3"),
        ("guid", "{0190b9a0-7f6e-7cc0-8000-00000000000A)"),
    ],
)
def test_constraints_that_do_not_hold(constraint: str, value: str) -> None:
    assert found(table(f"a/{{x:{constraint}}}"), f"/a/{value}") == frozenset()


def test_the_route_that_was_added_first_goes_first() -> None:
    """Azure's host knows no precedence but the order in which it maps its functions."""
    templates = ["a/{*rest}", "a/{x}", "a/{x:int}", "a/b-{x}", "a/b"]
    for path in ("/a/b", "/a/b-1", "/a/1", "/a/c"):
        assert found(table(*templates), path)[0] == "a/{*rest}"
    reverse = table(*reversed(templates))
    assert found(reverse, "/a/b")[0] == "a/b"
    assert found(reverse, "/a/b-1")[0] == "a/b-{x}"
    assert found(reverse, "/a/1")[0] == "a/{x:int}"
    assert found(reverse, "/a/c")[0] == "a/{x}"
    assert found(reverse, "/a/c/d")[0] == "a/{*rest}"


def test_a_look_up_does_not_cost_more_with_more_routes() -> None:
    """Counted in steps of the interpreter, which do not depend on the machine."""
    few, many = table("group0/{id}/act0"), table(*(f"group{n}/{{id}}/act{n}" for n in range(2000)))
    assert found(many, "/group1999/x/act1999")[0] == "group1999/{id}/act1999"
    steps = [_steps(routes, path) for routes in (few, many) for path in ("group0/x/act0", "none")]
    assert steps[:2] == steps[2:]


def _steps(routes: RouteTable[str], path: str) -> int:
    segments, count = tuple(path.split("/")), 0

    def step(_frame: object, _event: str, _argument: object) -> Any:
        nonlocal count
        count += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        routes.find("GET", segments)
    finally:
        sys.settrace(before)
    return count


def test_a_dead_end_is_left_again() -> None:
    routes = table("trips/active/{id}/stops", "trips/{id}/driver/phone")
    assert found(routes, "/trips/active/driver/phone")[0] == "trips/{id}/driver/phone"


def test_methods_share_a_path_with_names_of_their_own() -> None:
    routes: RouteTable[str] = RouteTable()
    routes.add("trips/{id}", GET, "read")
    routes.add("trips/{trip_id}", frozenset({"PUT", "DELETE"}), "change")
    routes.add("trips/{*rest}", frozenset({"PATCH"}), "rest")
    assert found(routes, "/trips/1") == ("read", {"id": "1"})
    assert found(routes, "/trips/1", "PUT") == ("change", {"trip_id": "1"})
    assert found(routes, "/trips/1", "PATCH") == ("rest", {"rest": "1"})
    assert found(routes, "/trips/1", "POST") == {"GET", "PUT", "DELETE", "PATCH"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a/{x}", "A/{y}"),
        ("a/{x?}", "a"),
        ("a/{x:int}", "a/{y:INT}"),
        ("a/{*x}", "a/{*y}"),
        ("a/{x:range(1,2)}", "a/{y:range(1,2)}"),
    ],
)
def test_the_same_route_twice_is_refused(one: str, other: str) -> None:
    routes = table(one)
    with pytest.raises(RouteTaken) as refused:
        routes.add(other, frozenset(), other)
    assert refused.value.other == one
    routes.add(other, frozenset({"POST"}), other)


@pytest.mark.parametrize(
    "template",
    [
        "{x:regex([)}",
        "{x:even}",
        "{x:length(a)}",
        "{x:length(1,2,3)}",
        "{x:min}",
        "{x:int(3)}",
        "{x:}",
        "{x:length(3}",
        "{x}/{X}",
        "{*a}/b",
        "x{*a}",
        "a{b",
        "{}",
        "{x}{y}",
        "{x}-{y?}",
        "{x=3}-b",
        "{x?y}",
        "a}",
    ],
)
def test_templates_that_cannot_be_served(template: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        table(template)


SEGMENT = st.text(st.characters(codec="utf-8", exclude_characters="/%?#{}.\0"), min_size=1)


@given(st.lists(SEGMENT, min_size=1, max_size=5))
def test_any_path_is_its_own_route_and_fits_its_parameters(pieces: list[str]) -> None:
    path = "/" + "/".join(pieces)
    parameters = "/".join(f"{{p{n}}}" for n in range(len(pieces)))
    expected = {f"p{n}": piece for n, piece in enumerate(pieces)}
    assert found(table(parameters), path) == (parameters, expected)
    assert found(table("/".join(pieces), parameters), path)[0] != parameters


@given(st.text(), st.text())
def test_no_path_and_no_query_break_the_parsers(path: str, query: str) -> None:
    found(table("a/{x:int}/{*rest}", "{y}"), "/" + path)
    assert all(query_values(query).values())


def test_dots_are_resolved_before_routes_are_looked_up() -> None:
    assert path_segments("/a/./b/../c") == ("a", "c")
    assert path_segments("/../../a") == ("a",)
