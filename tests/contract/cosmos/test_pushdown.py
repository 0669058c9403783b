"""Filters that SQLite checks first: the rows are those that the query engine finds alone."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.cosmos.catalog import Catalog
from local.cosmos.charges import Work
from local.cosmos.container import Container
from local.cosmos.items import Items, Partition
from local.cosmos.items_table import ItemsTable, Range
from local.cosmos.pushdown import Filter, pushed_down
from local.cosmos.queries import run_question
from local.cosmos.query.conditions import Condition
from local.cosmos.query.engine import Page, Question, answer
from local.cosmos.query.implied import implied
from local.cosmos.query.parser import parse
from local.cosmos.query.scope import Scope
from local.cosmos.store import Store

NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.sampled_from(
        [0.1, -0.0, 2.0, 1e300, 2**53, 2**53 + 1, 2**63, -(2**63), 0.30000000000000004]
    ),
    st.floats(allow_nan=False, allow_infinity=False),
)
TEXTS = st.one_of(
    st.sampled_from(["", "a", "ab", "b", "a\0b", "é", "𝄞", "'", '"', "\\", "1", "true", "null"]),
    st.text(max_size=3),
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.sampled_from(["a", "b"]), SCALARS, max_size=2),
)
DOCUMENTS = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "o", "list"]), VALUES, max_size=4), max_size=12
)
PATHS = st.sampled_from(["c.a", "c.b", "c.o.a", "c.list", "c['a']", "c.a.b", "c.missing"])
OPERATORS = st.sampled_from(["=", "!=", "<", ">", "<=", ">="])
CONSTANTS = st.sampled_from(["@x", "@y", "@list", "1", "'a'", "null", "true", "undefined", "c.b"])
ATOMS = st.one_of(
    st.tuples(PATHS, OPERATORS, CONSTANTS).map(" ".join),
    st.tuples(CONSTANTS, OPERATORS, PATHS).map(" ".join),
    st.tuples(PATHS, CONSTANTS, CONSTANTS).map("{0[0]} IN ({0[1]}, {0[2]})".format),
    st.tuples(PATHS, CONSTANTS, CONSTANTS).map("{0[0]} BETWEEN {0[1]} AND {0[2]}".format),
    st.tuples(PATHS, CONSTANTS).map("ARRAY_CONTAINS({0[0]}, {0[1]})".format),
    PATHS.map("ARRAY_CONTAINS(@list, {0})".format),
    st.tuples(PATHS, CONSTANTS).map("STARTSWITH({0[0]}, {0[1]})".format),
    st.tuples(PATHS, CONSTANTS).map("{0[0]} LIKE {0[1]}".format),
    st.tuples(PATHS, TEXTS).map(lambda pair: f"{pair[0]} LIKE {json.dumps(pair[1] + '%')}"),
    PATHS.map("IS_DEFINED({0})".format),
    PATHS.map("IS_NULL({0})".format),
    PATHS,
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("({0[0]} AND {0[1]})".format),
        st.tuples(inner, inner).map("({0[0]} OR {0[1]})".format),
        inner.map("NOT ({0})".format),
    ),
    max_leaves=5,
)
CONTAINER = {"id": "c", "partitionKey": {"paths": ["/pk"], "kind": "Hash"}}


class Shop:
    """A container in memory that forgets between examples."""

    def __init__(self) -> None:
        self.store = Store(None)
        catalog = Catalog(self.store)
        catalog.create_database({"id": "d"}, None)
        catalog.create_container("d", dict(CONTAINER), None)
        self.container: Container = catalog.container("d", "c")
        self.table = ItemsTable(self.store)
        self.items = Items(self.store, self.table)

    def filled(self, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
        within = Partition(self.container, self.container.key_from(["k"]))
        with self.store.transaction():
            self.table.delete_partition(self.container, within.key)
            return [
                self.items.create(within, {**document, "id": f"{n:04}", "pk": "k"}).document or {}
                for n, document in enumerate(documents)
            ]

    def ask_in_pages(self, question: Question) -> list[Any]:
        """Of two rows each, from token to token."""
        rows: list[Any] = []
        while True:
            page = self.page(replace(question, page_size=2), Work())
            rows += page.values()
            if page.continuation is None:
                return rows
            question = replace(question, continuation=page.continuation)

    def ask(self, question: Question) -> tuple[list[Any], Work]:
        work = Work()
        return self.page(question, work).values(), work

    def page(self, question: Question, work: Work) -> Page:
        within = Range(key=self.container.key_from(["k"]))
        return run_question(question, self.table, self.container, within, work)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    opened = Shop()
    yield opened
    opened.store.close()


@given(DOCUMENTS, CONDITIONS, SCALARS, SCALARS, st.lists(SCALARS, max_size=3))
@settings(max_examples=400, deadline=None)
def test_the_rows_are_the_same_with_and_without(
    shop: Shop, documents: list[dict[str, Any]], condition: str, x: Any, y: Any, some: list[Any]
) -> None:
    stored = shop.filled(documents)
    parameters = {"@x": x, "@y": y, "@list": some}
    question = Question(f"SELECT VALUE c.id FROM c WHERE {condition}", parameters)
    placed: list[tuple[tuple[str | int, ...], Any]] = [(("", "", d["id"]), d) for d in stored]
    alone = answer(question, lambda _: placed).values()
    together, _ = shop.ask(question)
    assert together == alone
    assert shop.ask_in_pages(question) == alone


def of(condition: str) -> Condition | None:
    return implied(parse(f"SELECT * FROM c WHERE {condition}"), Scope(parameters={"@p": "x"}))


@pytest.mark.parametrize(
    "condition",
    [
        "c.kind = 'a'",
        "c.n > 5 AND LOWER(c.s) = 'x'",
        "c.n IN (1, 2) OR c.s = @p",
        "STARTSWITH(c.s, 'ab')",
        "c.s LIKE 'ab%c_'",
        "ARRAY_CONTAINS(c.tags, 'x')",
        "NOT IS_DEFINED(c.gone)",
        "c.flag",
    ],
)
def test_what_is_pushed_down(condition: str) -> None:
    assert pushed_down(of(condition)) != Filter()


@pytest.mark.parametrize(
    "condition",
    [
        "LOWER(c.s) = 'x'",
        "c.n > 5 OR LOWER(c.s) = 'x'",
        "c.n % 2 = 0",
        "NOT (c.a AND c.b)",
        "1 = 1",
    ],
)
def test_what_is_not(condition: str) -> None:
    assert pushed_down(of(condition)) == Filter()


def test_names_that_sqlite_would_misread_stay_here() -> None:
    for name in ("a b", "a.b", "a'b", 'a"b', "é", "1"):
        assert (
            pushed_down(of(f"c[{name!r}] = 1" if "'" not in name else f'c["{name}"] = 1'))
            == Filter()
        )


def test_long_lists_are_asked_in_one(shop: Shop) -> None:
    shop.filled([{"n": n, "s": f"s{n}"} for n in range(40)])
    many = ", ".join(f"'s{n}'" for n in range(0, 800, 2))
    found, work = shop.ask(Question(f"SELECT VALUE c.n FROM c WHERE c.s IN ({many})"))
    assert found == list(range(0, 40, 2))
    assert work.documents == 20
    chain = " OR ".join(f"c.s = 's{n}' AND c.n = {n}" for n in range(400))
    assert len(shop.ask(Question(f"SELECT VALUE c.n FROM c WHERE {chain}"))[0]) == 40


def test_only_what_passes_is_read(shop: Shop) -> None:
    shop.filled([{"n": n} for n in range(50)])
    _, work = shop.ask(Question("SELECT * FROM c WHERE c.n = 7"))
    assert work.documents == 1
    _, work = shop.ask(Question("SELECT * FROM c WHERE c.n % 50 = 7"))
    assert work.documents == 50
