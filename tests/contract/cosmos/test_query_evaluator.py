"""The evaluator on any query over any document: rows, or a refusal in words, in bounded time."""

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.cosmos.errors import Refusal
from local.cosmos.query.engine import Question, answer
from local.cosmos.query.functions.registry import BUILT_IN

PARTS = "'year' 'mm' 'dd' 'ns' 'm' 'i' '(' '%a_' '\\\\'".split()  # noqa: SIM905 - as queries write them
LEAVES = st.sampled_from(
    [
        *(
            "c",
            "c.a",
            "c.b[0]",
            "c['é']",
            "c.list",
            "c.o",
            "c.missing",
            "null",
            "true",
            "undefined",
        ),
        *("0", "-1", "1e308", "9007199254740993", "0.1", "-0.0", "''", "'2026-01-31T00:00:00Z'"),
        *("@p", "[]", "{}", "{'type': 'Point', 'coordinates': [c.a, 1e9]}", "[1, 'a', null]"),
        *PARTS,
    ]
)
OPERATORS = st.sampled_from(
    "= != < >= + - * / % | & ^ || ?? AND OR LIKE".split()  # noqa: SIM905 - as queries write them
)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner, max_size=4).map(", ".join)
    names = st.sampled_from(sorted(BUILT_IN))
    return st.one_of(
        st.tuples(inner, OPERATORS, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(names, arguments).map(lambda call: f"{call[0]}({call[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]})[{pair[1]}]"),
        st.sampled_from(["NOT", "-", "~"]).flatmap(
            lambda sign: inner.map(lambda x: f"({sign} {x})")
        ),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} IN ({pair[1]}, 1))"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} BETWEEN {pair[1]} AND 9)"),
        st.tuples(inner, inner).map(
            "(SELECT VALUE COUNT({0[0]}) FROM t IN c.list WHERE {0[1]})".format
        ),
        inner.map(lambda x: f"ARRAY(SELECT VALUE {{'v': {x}, 't': t}} FROM t IN c.list)"),
    )


EXPRESSIONS = st.recursive(LEAVES, _larger, max_leaves=10)
SHAPES = st.sampled_from(
    [
        "SELECT VALUE {0} FROM c WHERE {1}",
        "SELECT {0} AS x, {1} AS y FROM c",
        "SELECT VALUE {0} FROM c JOIN t IN c.list WHERE {1} ORDER BY c.a",
        "SELECT DISTINCT VALUE {0} FROM c ORDER BY {1}",
        "SELECT MAX({0}) AS top, COUNT({1}) AS n FROM c",
        "SELECT {0} AS g, SUM({1}) AS s FROM c GROUP BY {0}",
        "SELECT VALUE {0} FROM c OFFSET 0 LIMIT 2",
    ]
)
NUMBERS = st.one_of(
    st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False)
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
DOCUMENTS = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "é", "list", "o"]), JSON), max_size=4
)


def ask(query: str, documents: list[Any], **more: Any) -> list[Any]:
    question = Question(query, {"@p": "x"}, **more)
    placed: list[tuple[tuple[str | int, ...], Any]] = [
        ((f"{place:04}",), document) for place, document in enumerate(documents)
    ]
    return answer(question, lambda _: placed).values()


@given(SHAPES, EXPRESSIONS, EXPRESSIONS, DOCUMENTS)
@settings(max_examples=400, deadline=None)
def test_any_query_over_any_documents(
    shape: str, value: str, other: str, documents: list[Any]
) -> None:
    with contextlib.suppress(Refusal):
        ask(shape.format(value, other), documents)


LETTERS = {"s": "a" * 2_200}
TWENTY = {"list": list(range(20))}
JOINS = " ".join(f"JOIN t{n} IN c.list" for n in range(10))
CONCATENATED = "CONCAT(" + ", ".join(["c.s"] * 1000) + ")"
TOWER = "1"
for _ in range(25):
    TOWER = f"({TOWER}{' + 1' * 150})"
SHARED = f"[{', '.join(['c'] * 10_000)}]"


@pytest.mark.parametrize(
    ("query", "document"),
    [
        (f"SELECT VALUE COUNT(1) FROM c {JOINS}", TWENTY),
        (f"SELECT VALUE 1 FROM c {JOINS} WHERE t9 = 100", TWENTY),
        ("SELECT VALUE REGEXMATCH(c.s, '^(a|aa)+$') FROM c", {"s": "a" * 60 + "!"}),
        (f"SELECT VALUE {SHARED} FROM c", LETTERS),
        (f"SELECT VALUE {TOWER} FROM c", LETTERS),
        (f"SELECT * FROM c WHERE {TOWER} = 1", LETTERS),
        ("SELECT " + ", ".join(f"c.s AS x{n}" for n in range(20_000)) + " FROM c", LETTERS),
    ],
    ids=["product", "search", "pattern", "shared", "tower", "tower filter", "wide"],
)
def test_a_query_without_end_is_refused(query: str, document: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as caught:
        ask(query, [document], longest_s=0.2)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("expression", "document"),
    [
        (CONCATENATED, LETTERS),
        ("REPLACE(c.s, 'a', c.s)", LETTERS),
        ("REPLICATE(c.s, 1e9)", LETTERS),
        (
            "StringJoin(ARRAY(SELECT VALUE c.s FROM x IN c.list), c.s)",
            {"s": "a" * 900_000, "list": [1, 2]},
        ),
    ],
    ids=["concat", "replace", "replicate", "join"],
)
def test_a_text_longer_than_any_item_is_undefined(
    expression: str, document: dict[str, Any]
) -> None:
    assert ask(f"SELECT VALUE {expression} FROM c", [document]) == []


def test_a_pattern_of_many_parts_is_matched_in_one_go() -> None:
    pattern = "%a" * 200 + "%b"
    assert ask(f"SELECT VALUE c.s LIKE '{pattern}' FROM c", [{"s": "a" * 20_000}]) == [False]
    assert ask(f"SELECT VALUE c.s LIKE '{pattern}' FROM c", [{"s": "a" * 20_000 + "b"}]) == [True]


def test_a_page_holds_four_megabytes() -> None:
    documents = [{"s": "x" * 1_500_000} for _ in range(5)]
    assert len(ask("SELECT * FROM c", documents)) == 2
