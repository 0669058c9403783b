"""The change feed in latest-version mode: what changed since a sequence number, in order."""

from datetime import UTC
from email.utils import parsedate_to_datetime

from local.cosmos import charges
from local.cosmos.call import Call, Reply
from local.cosmos.container import Container
from local.cosmos.errors import bad_request
from local.cosmos.feeds import feed_reply
from local.cosmos.items_table import ItemsTable, Range
from local.cosmos.store import Store


def read_changes(
    call: Call, container: Container, within: Range, table: ItemsTable, store: Store
) -> Reply:
    """200 with changes, or 304 with none; the etag says from where to ask next."""
    if call.headers.get("a-im", "").lower() == "full-fidelity feed":
        raise bad_request("All versions and deletes are not enabled on this account.")
    after = call.headers.get("if-none-match")
    after_lsn = _lsn(after, store)
    since_ts = 0 if after else _since(call)
    found = table.changes(container, within, after_lsn, since_ts, call.page_size)
    if not found:
        return Reply(304, headers={"etag": f'"{max(store.lsn, after_lsn)}"'})
    documents = [{**item.document, "_lsn": item.lsn} for item in found]
    work = charges.Work(len(found), sum(item.size for item in found))
    reply = feed_reply("Documents", container.rid, documents, None, charges.feed(work))
    return Reply(200, reply.body, {**reply.headers, "etag": f'"{found[-1].lsn}"'}, reply.charge)


def _lsn(after: str | None, store: Store) -> int:
    if after is None:
        return 0
    if after == "*":
        return store.lsn
    try:
        return int(after.strip('"'))
    except ValueError:
        raise bad_request("The continuation of the change feed is invalid.") from None


def _since(call: Call) -> int:
    """Whole seconds since 1970; HTTP dates have no fraction."""
    written = call.headers.get("if-modified-since")
    if not written:
        return 0
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        raise bad_request("The header If-Modified-Since is no date.") from None
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
