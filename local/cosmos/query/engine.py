"""The way into the query engine: a page of a query, and a condition on one document."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from local.cosmos.errors import Refusal, bad_request
from local.cosmos.query import calls, paths, subqueries
from local.cosmos.query.budget import LONGEST_S, Budget
from local.cosmos.query.conditions import Condition
from local.cosmos.query.errors import QueryRefused, too_complex
from local.cosmos.query.implied import implied
from local.cosmos.query.narrowing import Ids, only_ids
from local.cosmos.query.parser import parse, parse_condition
from local.cosmos.query.positions import Continuation, Position, Tie, is_after, read_token
from local.cosmos.query.rows import CompiledQuery, Row
from local.cosmos.query.scope import Scope
from local.cosmos.query.syntax import Query
from local.cosmos.query.window import Window
from local.cosmos.wire import Document, Value, decode, encode, text

COMPILERS = (calls, paths, subqueries)  # their expressions are known once these are loaded

_LARGEST_PAGE = 4 * 1024 * 1024  # bytes of rows, as in the service


@dataclass(frozen=True, slots=True)
class Wanted:
    """Documents from a place on (included), in natural order.

    Only those with certain ids, and those that meet a condition, can give rows: a store may leave
    out the others, and need not.
    """

    start: Tie | None = None
    ids: Ids | None = None
    condition: Condition | None = None


Documents = Callable[[Wanted], Iterable[tuple[Tie, Document]]]


@dataclass(frozen=True, slots=True)
class Question:
    """A query as a client sends it. `page_size` is a number of rows, `longest_s` may be spent."""

    text: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    page_size: int = 100
    continuation: str | None = None
    now_s: float = 0.0
    longest_s: float = LONGEST_S

    def scope(self) -> Scope:
        """A new one, with a budget of its own."""
        budget = Budget(self.longest_s)
        return Scope(parameters=self.parameters, now_s=self.now_s, budget=budget)

    def parsed(self) -> Query:
        try:
            return parse(self.text)
        except QueryRefused as refused:
            raise as_refusal(refused) from None
        except RecursionError:
            raise as_refusal(too_complex()) from None


@dataclass(frozen=True, slots=True)
class Page:
    """Each row as JSON. `continuation` is None on the last page."""

    rows: list[bytes]
    continuation: str | None

    @property
    def size(self) -> int:
        return sum(map(len, self.rows))

    def values(self) -> list[Value]:
        return [decode(row) for row in self.rows]


def answer(question: Question, documents: Documents) -> Page:
    """One page. Raises a 400 Refusal for a query that cannot be run."""
    query = question.parsed()
    try:
        return _page(question, query, documents)
    except QueryRefused as refused:
        raise as_refusal(refused) from None
    except RecursionError:
        raise as_refusal(too_complex()) from None


def condition_holds(condition: str, document: Document) -> bool:
    """Whether `from c where ...` finds the document."""
    try:
        compiled = CompiledQuery.of(parse_condition(condition), Scope())
        return any(True for _ in compiled.over_documents([((), document)]))
    except QueryRefused as refused:
        raise as_refusal(refused) from None
    except RecursionError:
        raise as_refusal(too_complex()) from None


def as_refusal(refused: QueryRefused) -> Refusal:
    error = {"severity": "Error", "code": refused.code, "message": refused.message}
    return bad_request(f"Message: {text({'errors': [error]})}")


def _page(question: Question, query: Query, documents: Documents) -> Page:
    scope = question.scope()
    compiled = CompiledQuery.of(query, scope)
    window = Window.of(query, scope)
    since = read_token(question.continuation)
    given = since.given if since else 0
    left = None if window.most is None else max(window.most - given, 0)
    size = question.page_size if left is None else min(question.page_size, left)
    wanted = Wanted(None, only_ids(query, scope), implied(query, scope))
    rows = _rows(compiled, documents, wanted, since)
    if since is None and window.skip:
        rows = islice(rows, window.skip, None)
    page, last, more = _taken(rows, size)
    if last is None or not more or (left is not None and len(page) >= left):
        return Page(page, None)
    return Page(page, Continuation(last, given + len(page)).token())


def _taken(rows: Iterator[Row], most: int) -> tuple[list[bytes], Position | None, bool]:
    """As many rows as make a page, the position of the last of them, and whether more follow."""
    page: list[bytes] = []
    size, last = 0, None
    for position, value in rows:
        if len(page) >= most:
            return page, last, True
        row = encode(value)
        if page and size + len(row) > _LARGEST_PAGE:
            return page, last, True
        page.append(row)
        size, last = size + len(row), position
    return page, last, False


def _rows(
    compiled: CompiledQuery, documents: Documents, wanted: Wanted, since: Continuation | None
) -> Iterator[Row]:
    """All rows after the one that `since` names."""
    if since is None:
        return compiled.over_documents(documents(wanted))
    start = since.last.tie[:-1] if compiled.streams else None
    rows = compiled.over_documents(documents(replace(wanted, start=start)))
    return _after(compiled, rows, since.last)


def _after(compiled: CompiledQuery, rows: Iterator[Row], last: Position) -> Iterator[Row]:
    for row in rows:
        if is_after(row[0], last, compiled.descending):
            return chain([row], rows)
    return iter(())
