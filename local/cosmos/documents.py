"""The routes below a container: items, queries, batches, the change feed."""

from collections.abc import Callable

from local.cosmos import charges
from local.cosmos.batch import run_batch
from local.cosmos.call import Call, Reply
from local.cosmos.change_feed import read_changes
from local.cosmos.charges import Work
from local.cosmos.container import Container
from local.cosmos.errors import method_not_allowed, resource_not_found
from local.cosmos.feeds import feed_reply, read_all_question
from local.cosmos.items import Items, Outcome, Partition
from local.cosmos.items_table import ItemsTable
from local.cosmos.patch_request import changed_by
from local.cosmos.planned import Planned
from local.cosmos.queries import Queries, run_question
from local.cosmos.ranges import partition_key_ranges, partition_of, range_of
from local.cosmos.scripts import check_no_trigger, is_script, refuse_script
from local.cosmos.sessions import check_session
from local.cosmos.store import Store
from local.cosmos.strictness import check_body_size
from local.cosmos.wire import raw


class Documents:
    """Answers everything under `/dbs/{database}/colls/{container}/...`."""

    def __init__(self, store: Store, planned: Planned, *, strict: bool) -> None:
        self._store = store
        self._planned = planned
        self._table = ItemsTable(store)
        self._items = Items(store, self._table)
        self._queries = Queries(store, self._table, strict=strict)

    def answer(self, call: Call, container: Container) -> Reply:
        """`call.segments` begins with dbs, D, colls, C."""
        check_session(call, self._store)
        match call.segments[4:]:
            case ("docs",):
                return self._feed(call, container)
            case ("docs", identifier):
                return self._item(call, partition_of(call, container), identifier)
            case ("pkranges",):
                return partition_key_ranges(call, container)
            case ("operations", "partitionkeydelete"):
                return self._delete_partition(call, container)
            case (kind, *_) if is_script(kind):
                return refuse_script(call, kind)
            case _:
                raise resource_not_found()

    def _feed(self, call: Call, container: Container) -> Reply:
        if call.method == "GET":
            return self._read_feed(call, container)
        if call.method != "POST":
            raise method_not_allowed(call.method)
        if call.is_query_plan:
            return self._queries.plan(call, container)
        if call.is_query:
            return self._queries.answer(call, container)
        check_body_size(call.body)
        check_no_trigger(call)
        if call.flag("x-ms-cosmos-is-batch-request"):
            return self._batch(call, partition_of(call, container))
        return self._create(call, partition_of(call, container))

    def _read_feed(self, call: Call, container: Container) -> Reply:
        within = range_of(call, container)
        if call.is_change_feed:
            return read_changes(call, container, within, self._table, self._store)
        work = Work()
        page = run_question(read_all_question(call), self._table, container, within, work)
        charge = charges.feed(work)
        rows = [raw(row) for row in page.rows]
        return feed_reply("Documents", container.rid, rows, page.continuation, charge)

    def _batch(self, call: Call, within: Partition) -> Reply:
        transaction = self._planned.transaction(self._store, within.container)
        status, results = run_batch(transaction, self._items, within, call.value())
        return Reply(status, results, charge=sum(each["requestCharge"] for each in results))

    def _create(self, call: Call, within: Partition) -> Reply:
        document = call.document()
        with self._planned.transaction(self._store, within.container):
            if call.flag("x-ms-documentdb-is-upsert"):
                outcome = self._items.upsert(within, document, call.conditions)
            else:
                outcome = self._items.create(within, document)
        return _item_reply(call, outcome)

    def _item(self, call: Call, within: Partition, identifier: str) -> Reply:
        if call.method == "GET":
            return _item_reply(call, self._items.read(within, identifier, call.conditions))
        handle = self._changes().get(call.method)
        if handle is None:
            raise method_not_allowed(call.method)
        check_body_size(call.body)
        check_no_trigger(call)
        with self._planned.transaction(self._store, within.container):
            outcome = handle(call, within, identifier)
        return _item_reply(call, outcome)

    def _changes(self) -> dict[str, Callable[[Call, Partition, str], Outcome]]:
        return {"PUT": self._replace, "PATCH": self._patch, "DELETE": self._delete}

    def _replace(self, call: Call, within: Partition, identifier: str) -> Outcome:
        return self._items.replace(within, identifier, call.document(), call.conditions)

    def _patch(self, call: Call, within: Partition, identifier: str) -> Outcome:
        change = changed_by(call.document(), within.container)
        return self._items.change(within, identifier, change, call.conditions)

    def _delete(self, call: Call, within: Partition, identifier: str) -> Outcome:
        return self._items.delete(within, identifier, call.conditions)

    def _delete_partition(self, call: Call, container: Container) -> Reply:
        if call.method != "POST":
            raise method_not_allowed(call.method)
        within = partition_of(call, container)
        with self._planned.transaction(self._store, container):
            self._table.delete_partition(container, within.key)
        return Reply(200)


def _item_reply(call: Call, outcome: Outcome) -> Reply:
    writes = call.method != "GET"
    minimal = writes and call.headers.get("prefer", "").lower() == "return=minimal"
    headers = {"etag": outcome.etag} if outcome.etag else {}
    body = None if minimal else outcome.document
    return Reply(outcome.status, body, headers, outcome.charge)
