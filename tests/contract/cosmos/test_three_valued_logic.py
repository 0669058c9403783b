"""`undefined` in logic and comparison: the truth tables, as laws over all values."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.cosmos.query.engine import Question, answer
from local.cosmos.query.values import (
    COMPARISONS,
    UNDEFINED,
    conjunction,
    disjunction,
    equal,
    negation,
    order_key,
    same,
)

T, F, U = True, False, UNDEFINED
TRUTHS = st.sampled_from([T, F, U])
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.floats(-9, 9), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)
VALUES = st.one_of(JSON, st.just(UNDEFINED))

WRITTEN = {"true": T, "false": F, "undefined": U, "1": U}


def evaluate(expression: str, document: dict[str, Any] | None = None) -> Any:
    """The expression's value, UNDEFINED where it gives no row."""
    question = Question(f"SELECT VALUE {expression} FROM c")
    rows = answer(question, lambda _: [((), document or {})]).values()
    return rows[0] if rows else UNDEFINED


@pytest.mark.parametrize(("left", "right"), list(product(WRITTEN, WRITTEN)))
def test_and_or(left: str, right: str) -> None:
    values = [WRITTEN[left], WRITTEN[right]]
    expected_and = F if F in values else T if values == [T, T] else U
    expected_or = T if T in values else F if values == [F, F] else U
    assert evaluate(f"{left} AND {right}") is expected_and
    assert evaluate(f"{left} OR {right}") is expected_or


@pytest.mark.parametrize(("written", "value"), WRITTEN.items())
def test_not(written: str, value: Any) -> None:
    assert evaluate(f"NOT {written}") is (U if value is U else not value)


@given(st.lists(TRUTHS, min_size=1, max_size=4))
def test_de_morgan(values: list[Any]) -> None:
    negated = [negation(value) for value in values]
    assert negation(conjunction(values)) is disjunction(negated)
    assert negation(disjunction(values)) is conjunction(negated)


@given(VALUES)
def test_undefined_compares_with_nothing(value: Any) -> None:
    for compare in COMPARISONS.values():
        assert compare(value, UNDEFINED) is UNDEFINED
        assert compare(UNDEFINED, value) is UNDEFINED


@given(JSON, JSON)
def test_equality_is_symmetric_and_agrees_with_order(left: Any, right: Any) -> None:
    assert equal(left, left) is True
    assert equal(left, right) is equal(right, left)
    assert same(left, right) == (order_key(left) == order_key(right))


@given(JSON, JSON)
def test_less_and_greater_exclude_each_other(left: Any, right: Any) -> None:
    less, greater = COMPARISONS["<"](left, right), COMPARISONS[">"](left, right)
    assert (less is UNDEFINED) == (greater is UNDEFINED)
    if less is not UNDEFINED:
        assert [less, greater, equal(left, right)].count(True) == 1


@given(st.lists(VALUES, max_size=8))
def test_any_values_can_be_sorted(values: list[Any]) -> None:
    ranks = [order_key(value)[0] for value in sorted(values, key=order_key)]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 = 1.0", T),
        ("1 = true", F),
        ("1 != '1'", T),
        ("null = null", T),
        ("null != 1", T),
        ("c.missing = null", U),
        ("1 < 'a'", U),
        ("[1, 2] = [1, 2.0]", T),
        ("{'a': 1} = {'a': 1, 'b': 2}", F),
        ("[1] < [2]", U),
        ("c.missing IN (1, 2)", U),
        ("3 IN (1, 'x')", F),
        ("2 BETWEEN 1 AND c.missing", U),
        ("0 BETWEEN 1 AND c.missing", F),
        ("c.missing ?? null", None),
        ("1 / 0", U),
        ("'a' + 'b'", U),
        ("'a' || 'b'", "ab"),
        ("7 & 3 | 8", 11),
        ("~0", -1),
        ("5 % 3 - -1", 3),
        ("9007199254740993 * 1000", 9007199254740992000),
        ("1e308 * 10", U),
        ("IS_DEFINED(c.missing) OR false", F),
        ("c.missing LIKE '%'", U),
    ],
)
def test_single_expressions(expression: str, value: Any) -> None:
    found = evaluate(expression)
    assert found is value if value is U else found == value
    assert type(found) is not bool or found is value
