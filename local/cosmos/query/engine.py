"""The way into the query engine: a page of a query, and a condition on one document."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice

from local.cosmos.errors import Refusal, bad_request
from local.cosmos.query import calls, paths, subqueries
from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.narrowing import Ids, only_ids
from local.cosmos.query.parser import parse, parse_condition
from local.cosmos.query.positions import Continuation, Position, Tie, is_after, read_token
from local.cosmos.query.rows import CompiledQuery, Row
from local.cosmos.query.scope import Scope
from local.cosmos.query.syntax import Query
from local.cosmos.query.window import Window
from local.cosmos.wire import Document, Value, text

COMPILERS = (calls, paths, subqueries)  # their expressions are known once these are loaded

# Documents from a place on (included) in natural order, where known only those with certain ids.
Documents = Callable[[Tie | None, Ids | None], Iterable[tuple[Tie, Document]]]
_From = Callable[[Tie | None], Iterable[tuple[Tie, Document]]]


@dataclass(frozen=True, slots=True)
class Question:
    """A query as a client sends it. `page_size` is a number of rows."""

    text: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    page_size: int = 100
    continuation: str | None = None
    now_s: float = 0.0

    @property
    def scope(self) -> Scope:
        return Scope(parameters=self.parameters, now_s=self.now_s)

    def parsed(self) -> Query:
        try:
            return parse(self.text)
        except QueryRefused as refused:
            raise as_refusal(refused) from None


@dataclass(frozen=True, slots=True)
class Page:
    """`continuation` is None on the last page."""

    rows: list[Value]
    continuation: str | None


def answer(question: Question, documents: Documents) -> Page:
    """One page. Raises a 400 Refusal for a query that cannot be run."""
    query = question.parsed()
    try:
        return _page(question, query, documents)
    except QueryRefused as refused:
        raise as_refusal(refused) from None


def condition_holds(condition: str, document: Document) -> bool:
    """Whether `from c where ...` finds the document."""
    try:
        compiled = CompiledQuery.of(parse_condition(condition), Scope())
        return any(True for _ in compiled.over_documents([((), document)]))
    except QueryRefused as refused:
        raise as_refusal(refused) from None


def as_refusal(refused: QueryRefused) -> Refusal:
    error = {"severity": "Error", "code": refused.code, "message": refused.message}
    return bad_request(f"Message: {text({'errors': [error]})}")


def _page(question: Question, query: Query, documents: Documents) -> Page:
    compiled = CompiledQuery.of(query, question.scope)
    window = Window.of(query, question.scope)
    since = read_token(question.continuation)
    given = since.given if since else 0
    left = None if window.most is None else max(window.most - given, 0)
    size = question.page_size if left is None else min(question.page_size, left)
    ids = only_ids(query, question.scope)
    rows = _rows(compiled, lambda start: documents(start, ids), since)
    if since is None and window.skip:
        rows = islice(rows, window.skip, None)
    page = list(islice(rows, size))
    exhausted = left is not None and len(page) >= left
    if exhausted or not page or _is_empty(rows):
        return Page([value for _, value in page], None)
    last = Continuation(page[-1][0], given + len(page))
    return Page([value for _, value in page], last.token())


def _rows(compiled: CompiledQuery, documents: _From, since: Continuation | None) -> Iterator[Row]:
    """All rows after the one that `since` names."""
    if since is None:
        return compiled.over_documents(documents(None))
    start = since.last.tie[:-1] if compiled.streams else None
    return _after(compiled, compiled.over_documents(documents(start)), since.last)


def _after(compiled: CompiledQuery, rows: Iterator[Row], last: Position) -> Iterator[Row]:
    for row in rows:
        if is_after(row[0], last, compiled.descending):
            return chain([row], rows)
    return iter(())


def _is_empty(rows: Iterator[Row]) -> bool:
    return next(rows, None) is None
