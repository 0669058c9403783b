"""Policy expressions: what the app's policies use works as in C#, everything else is refused."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from local.gateway.exchange import Exchange
from local.gateway.expressions.compiler import expression, text
from local.gateway.operations import Operation
from local.gateway.refusals import PolicyRefused, Refusal

ALL = ("string", "int", "bool", "guid", "object")


def exchange(**headers: str) -> Exchange:
    made = Exchange("GET", "/api/v1/trips", "", CIMultiDict(headers), "203.0.113.7")
    made.operation = Operation("get", "/v1/trips/{id}")
    made.request_id = UUID(int=7)
    made.answer.status = 429
    made.answer.headers["Retry-After"] = "9"
    return made


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("@(1)", 1),
        ('@("a\\"b\\\\" + "c")', 'a"b\\c'),
        ("@(true || false && false)", True),
        ("@(!(1 == 2) && 3 >= 3)", True),
        ("@(1 + 2 == 3)", True),
        ("@(1 == 1 && 2 == 2)", True),
        ("@(true == false || 1 < 2)", True),
        ('@("a" != "a")', False),
        ("@(context.Response.StatusCode == 429)", True),
        ("@(context.Response.StatusCode < 429)", False),
        ("@(context.Request.IpAddress)", "203.0.113.7"),
        ("@(context.RequestId.ToString())", "00000000-0000-0000-0000-000000000007"),
        ('@(context.Request.Headers.GetValueOrDefault("x-one", "none"))', "1"),
        ('@(context.Request.Headers.GetValueOrDefault("x-two", "none"))', "none"),
        ('@(context.Response.Headers.GetValueOrDefault("Retry-After", "60"))', "9"),
        ("@(context.Operation.Method.ToUpper())", "GET"),
        ('@("a,b".Split(\',\').Contains("b"))', True),
        ('@("a,b".Split(\',\').Contains("a,b"))', False),
        ('@("Bearer x".StartsWith("bearer ", StringComparison.OrdinalIgnoreCase))', True),
        ('@("Bearer x".StartsWith("bearer "))', False),
    ],
)
def test_values(source: str, expected: object) -> None:
    assert expression(source, *ALL)(exchange(**{"X-One": "1"})) == expected


def test_json() -> None:
    source = '@(new JObject(new JProperty("n", 1), new JProperty("t", "…\\"")).ToString())'
    assert json.loads(expression(source, "string")(exchange())) == {"n": 1, "t": '…"'}


def test_several_headers_of_one_name_are_one_value() -> None:
    made = exchange()
    made.headers.extend([("X-Many", "a"), ("x-many", "b")])
    source = '@(context.Request.Headers.GetValueOrDefault("X-MANY", ""))'
    assert expression(source, "string")(made) == "a,b"


def test_what_is_no_expression_is_text() -> None:
    assert text("  application/problem+json ")(exchange()) == "application/problem+json"
    assert text("@(context.RequestId)")(exchange()).endswith("7")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("@{ return 1; }", "not a policy expression of one value"),
        ("1", "not a policy expression"),
        ("@()", "a value expected, not 'the end'"),
        ("@(1 1)", "unexpected '1'"),
        ("@(1 +)", "a value expected"),
        ("@((1)", "expected, not 'the end'"),
        ('@("a)', "unreadable from here on"),
        ("@(1 ? 2 : 3)", "unreadable from here on: ? 2 : 3"),
        ("@(DateTime.Now)", "unknown name DateTime"),
        ("@(context.Variables)", "unknown property Variables of context"),
        ("@(context.Request.Body.As())", "unknown property Body of request"),
        ("@(context.Request.Method.Trim())", "unknown method Trim() of string"),
        ('@("a".Split("b"))', "unknown method Split(string) of string"),
        ("@(new Random())", "unknown constructor Random()"),
        ('@(new JProperty("a"))', "unknown constructor JProperty(string)"),
        ('@(new JObject("a"))', "unknown constructor JObject(string)"),
        ('@(1 == "1")', "string where int is needed"),
        ('@("a" < "b")', "< does not join string and string"),
        ("@(!1)", "int where bool is needed"),
        ("@(true && 1)", "int where bool is needed"),
        ("@(context)", "context where"),
        (f"@({'(' * 60}1{')' * 60})", "nested too deeply"),
        ("@(" + "!" * 60 + "true)", "nested too deeply"),
    ],
)
def test_everything_else_is_refused_by_name(source: str, said: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        expression(source, *ALL)
    assert said in str(refused.value)


def test_named_values_are_refused() -> None:
    with pytest.raises(PolicyRefused, match="no named values"):
        text("{{secret}}")


def test_a_null_on_the_way_ends_the_request_and_not_the_gateway() -> None:
    made = exchange()
    made.operation = None
    with pytest.raises(Refusal) as refusal:
        expression("@(context.Operation.UrlTemplate)", "string")(made)
    assert refusal.value.status == 500


PIECES = st.sampled_from(
    [
        *("context", ".", "Request", "Headers", "(", ")", '"a"', "'b'", "1", "!", "==", "&&"),
        *("new", "JObject", "JProperty", ",", "true", "+", "<", " ", "\\", '"', "é", "ToString"),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60))
def test_any_text_is_compiled_or_refused(source: str) -> None:
    try:
        value = expression(f"@({source})", *ALL)
    except PolicyRefused:
        return
    assert value(exchange()) is not None
