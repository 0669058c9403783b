"""Queries over items: where they may run, as the gateway decides it, and their pages."""

from collections.abc import Iterable

from local.cosmos import charges
from local.cosmos.call import Call, Reply
from local.cosmos.charges import Work
from local.cosmos.container import Container
from local.cosmos.errors import bad_request
from local.cosmos.feeds import feed_reply, question_of
from local.cosmos.items_table import ItemsTable, Range
from local.cosmos.metrics import INDEX_METRICS, QUERY_METRICS, Times, index_metrics, query_metrics
from local.cosmos.pushdown import pushed_down
from local.cosmos.query.conditions import paths_of
from local.cosmos.query.engine import Page, Question, Wanted, answer, as_refusal
from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.implied import implied
from local.cosmos.query.positions import Tie
from local.cosmos.query.syntax import Query
from local.cosmos.query_plan import needs_plan, query_plan
from local.cosmos.query_rules import check_features, check_order, needs_client, order_keys
from local.cosmos.ranges import is_targeted, range_of
from local.cosmos.store import Store
from local.cosmos.wire import Document, raw


class Queries:
    """`strict` refuses what the real gateway refuses."""

    def __init__(self, store: Store, table: ItemsTable, *, strict: bool) -> None:
        self._store = store
        self._table = table
        self._strict = strict

    def answer(self, call: Call, container: Container) -> Reply:
        times, work = Times(), Work()
        with times.of("compile"):
            question = question_of(call, self._store.now())
            query = question.parsed()
            self._check(call, query, container)
        with times.of("run"):
            within = range_of(call, container)
            page = run_question(question, self._table, container, within, work)
        rows = [raw(row) for row in page.rows]
        charge = charges.query(work, len(rows))
        reply = feed_reply("Documents", container.rid, rows, page.continuation, charge)
        headers = dict(reply.headers)
        if call.flag("x-ms-documentdb-populatequerymetrics"):
            headers[QUERY_METRICS] = query_metrics(times, work, len(rows), page.size)
        if call.flag("x-ms-cosmos-populateindexmetrics"):
            headers[INDEX_METRICS] = self._indexes(question, query, container)
        return Reply(reply.status, reply.body, headers, charge)

    def _check(self, call: Call, query: Query, container: Container) -> None:
        targeted = is_targeted(call)
        if not targeted:
            _check_cross_partition(call)
        if self._strict:
            if not targeted and needs_plan(query):
                raise needs_client()
            check_order(query, container.indexing)

    def _indexes(self, question: Question, query: Query, container: Container) -> str:
        paths = paths_of(implied(query, question.scope()))
        return index_metrics(paths, order_keys(query), container.indexing)

    def plan(self, call: Call, container: Container) -> Reply:
        question = question_of(call, self._store.now())
        query = question.parsed()
        if self._strict:
            check_features(query, call.headers.get("x-ms-cosmos-supported-query-features", ""))
            check_order(query, container.indexing)
        try:
            return Reply(200, query_plan(query, question.scope()))
        except QueryRefused as refused:
            raise as_refusal(refused) from None


def run_question(
    question: Question, table: ItemsTable, container: Container, within: Range, work: Work
) -> Page:
    def documents(wanted: Wanted) -> Iterable[tuple[Tie, Document]]:
        narrow = within.narrowed(wanted.start, wanted.ids, pushed_down(wanted.condition))
        return table.scan(container, narrow, work)

    return answer(question, documents)


def _check_cross_partition(call: Call) -> None:
    if not call.flag("x-ms-documentdb-query-enablecrosspartition"):
        raise bad_request(
            "Cross partition query is required but disabled. Please set "
            "x-ms-documentdb-query-enablecrosspartition to true, specify "
            "x-ms-documentdb-partitionkey, or revise your query to avoid this exception."
        )
