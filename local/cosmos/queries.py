"""Queries over items: where they may run, as the gateway decides it, and their pages."""

from collections.abc import Iterable

from local.cosmos.call import Call, Reply
from local.cosmos.container import Container
from local.cosmos.errors import bad_request
from local.cosmos.feeds import feed_reply, question_of
from local.cosmos.items_table import ItemsTable, Range
from local.cosmos.query.engine import Page, Question, answer, as_refusal
from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.narrowing import Ids
from local.cosmos.query.positions import Tie
from local.cosmos.query_plan import needs_plan, query_plan
from local.cosmos.query_rules import check_features, check_order, needs_client
from local.cosmos.ranges import is_targeted, range_of
from local.cosmos.store import Store
from local.cosmos.wire import Document

_QUERY_CHARGE, _ROW_CHARGE = 2.3, 0.1


class Queries:
    """`strict` refuses what the real gateway refuses."""

    def __init__(self, store: Store, table: ItemsTable, *, strict: bool) -> None:
        self._store = store
        self._table = table
        self._strict = strict

    def answer(self, call: Call, container: Container) -> Reply:
        question = question_of(call, self._store.now())
        targeted = is_targeted(call)
        if not targeted:
            _check_cross_partition(call)
        if self._strict:
            query = question.parsed()
            if not targeted and needs_plan(query):
                raise needs_client()
            check_order(query, container.properties["indexingPolicy"])
        page = run_question(question, self._table, container, range_of(call, container))
        charge = _QUERY_CHARGE + _ROW_CHARGE * len(page.rows)
        return feed_reply("Documents", container.rid, page.rows, page.continuation, charge)

    def plan(self, call: Call, container: Container) -> Reply:
        question = question_of(call, self._store.now())
        query = question.parsed()
        if self._strict:
            check_features(query, call.headers.get("x-ms-cosmos-supported-query-features", ""))
            check_order(query, container.properties["indexingPolicy"])
        try:
            return Reply(200, query_plan(query, question.scope))
        except QueryRefused as refused:
            raise as_refusal(refused) from None


def run_question(
    question: Question, table: ItemsTable, container: Container, within: Range
) -> Page:
    def documents(start: Tie | None, ids: Ids | None) -> Iterable[tuple[Tie, Document]]:
        return table.scan(container, within.narrowed(start, ids))

    return answer(question, documents)


def _check_cross_partition(call: Call) -> None:
    if not call.flag("x-ms-documentdb-query-enablecrosspartition"):
        raise bad_request(
            "Cross partition query is required but disabled. Please set "
            "x-ms-documentdb-query-enablecrosspartition to true, specify "
            "x-ms-documentdb-partitionkey, or revise your query to avoid this exception."
        )
