"""The parser on any text: a tree, or a refusal in words; never another error."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.parser import parse
from local.cosmos.query.render import render_query
from local.cosmos.query.syntax import Binary, Literal, Logical, Member, Name

WORDS = st.sampled_from(
    """
    SELECT DISTINCT TOP VALUE FROM WHERE ORDER GROUP BY OFFSET LIMIT JOIN IN AS AND OR NOT LIKE
    BETWEEN ESCAPE ASC DESC EXISTS ARRAY NULL TRUE FALSE UNDEFINED c t x COUNT LOWER LEFT @p 1 2.5
    1e999 0x1F 'a' "b" 'it''s' '\\u0041' '\\ud800' -- /* */ ( ) [ ] { } , . : ? ?? || | & ^ ~ + -
    * / % = != <> < > <= >= ; $ \\ é
    """.split()  # noqa: SIM905 - sixty words are easier to read unquoted
)
OPERATORS = ("=", "!=", "<", ">=", "+", "-", "*", "/", "%", "||", "??", "&", "|", "^", "AND", "OR")
LEAVES = st.sampled_from(
    ["c.a", "c['b c']", "c[0]", "1", "-2.5", "'x'", "@p", "null", "true", "undefined", "c", "[]"]
)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from([*OPERATORS, "LIKE"])
    return st.one_of(
        st.tuples(inner, operators, inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda text: f"(NOT {text})"),
        inner.map(lambda text: f"(- {text})"),
        inner.map(lambda text: f"LOWER({text})"),
        inner.map(lambda text: f"{{'k': {text}, z: [1, {text}]}}"),
        inner.map(lambda text: f"ARRAY(SELECT VALUE t FROM t IN c.l WHERE {text})"),
        inner.map(lambda text: f"EXISTS(SELECT VALUE {text})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} NOT IN ({pair[1]}, 2))"),
        st.tuples(inner, inner, inner).map(lambda three: "({} ? {} : {})".format(*three)),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} BETWEEN {pair[1]} AND 9)"),
    )


EXPRESSIONS = st.recursive(LEAVES, _larger, max_leaves=8)


@given(st.lists(WORDS, max_size=40).map(" ".join))
@settings(max_examples=400, deadline=None)
def test_any_words(text: str) -> None:
    with contextlib.suppress(QueryRefused):
        parse(f"SELECT {text}")


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text(text: str) -> None:
    with contextlib.suppress(QueryRefused):
        parse(text)


@given(EXPRESSIONS, EXPRESSIONS)
@settings(max_examples=150, deadline=None)
def test_rendered_text_parses_to_the_same_tree(value: str, condition: str) -> None:
    tree = parse(f"SELECT VALUE {value} FROM c JOIN t IN c.l WHERE {condition} OFFSET 1 LIMIT @n")
    assert parse(render_query(tree)) == tree


@pytest.mark.parametrize(
    "text",
    [
        "SELECT VALUE " + "(" * 5000 + "1" + ")" * 5000,
        "SELECT VALUE " + "[" * 5000,
        "SELECT VALUE " + "NOT " * 5000 + "true",
        "SELECT VALUE " + "- " * 5000 + "1",
        "SELECT VALUE c" + ".a" * 5000 + " FROM c",
        "SELECT VALUE " + "1 + " * 5000 + "1",
        "SELECT VALUE " + "1 = " * 5000 + "1",
        "SELECT VALUE " + "(SELECT VALUE " * 500,
        "SELECT " + "x" * 600_000,
        "SELECT VALUE " + "/*" * 200_000,
        "SELECT VALUE " + "'" * 399_999,
        "SELECT VALUE " + "9" * 400_000,
        "SELECT VALUE 0x" + "F" * 400_000,
    ],
    ids=[
        *("parentheses", "arrays", "nots", "minuses", "path", "sum", "equals", "subqueries"),
        *("long", "comments", "quotes", "digits", "hexadecimals"),
    ],
)
def test_monsters_are_refused(text: str) -> None:
    with pytest.raises(QueryRefused):
        parse(text)


def test_long_chains_of_conditions_are_fine() -> None:
    tree = parse("SELECT * FROM c WHERE " + " OR ".join(f"c.id = '{n}'" for n in range(3000)))
    assert isinstance(tree.where, Logical)
    assert len(tree.where.operands) == 3000


def test_multiplication_binds_before_addition_before_comparison() -> None:
    tree = parse("SELECT VALUE 1 + 2 * 3 = 7")
    product = Binary("*", Literal(2), Literal(3))
    assert tree.selected[0].expression == Binary("=", Binary("+", Literal(1), product), Literal(7))


def test_and_binds_before_or() -> None:
    where = parse("SELECT * FROM c WHERE c.a OR c.b AND c.c").where
    a, b, c = (Member(Name("c"), Literal(name)) for name in "abc")
    assert where == Logical("OR", (a, Logical("AND", (b, c))))


def test_strings_unescape() -> None:
    tree = parse(r"""SELECT VALUE ['it''s', "a\"b", '\u00e9\n', '\ud83d\ude00', 'x\\']""")
    values = [item.value for item in tree.selected[0].expression.items]  # type: ignore[attr-defined]  # an array literal
    assert values == ["it's", 'a"b', "é\n", "😀", "x\\"]


def test_comments_and_case_do_not_matter() -> None:
    assert parse("select * /* all */ from c -- of them\n where c.a = 1") == parse(
        "SELECT * FROM c WHERE c.a=1"
    )
