"""Offers: the throughput of databases and containers. It limits nothing here."""

import uuid

from local.cosmos.call import Call, Reply
from local.cosmos.errors import bad_request, item_not_found, method_not_allowed
from local.cosmos.feeds import feed
from local.cosmos.resource_ids import offer_rid
from local.cosmos.store import Store
from local.cosmos.wire import Document, decode, text

_OWNERS = (
    "select 'containers', number, properties, throughput from containers "
    "where throughput is not null union all "
    "select 'databases', -rowid, properties, throughput from databases "
    "where throughput is not null"
)


class Offers:
    """Found by the `_self` link of what they belong to."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, call: Call) -> Reply:
        if len(call.segments) == 1:
            return feed(call, "Offers", "", [offer for offer, _ in self._all()])
        for offer, (table, number) in self._all():
            if offer["id"].lower() == call.segments[1].lower():
                return self._one(call, offer, table, number)
        raise item_not_found()

    def _one(self, call: Call, offer: Document, table: str, number: int) -> Reply:
        if call.method == "GET":
            return Reply(200, offer, {"etag": offer["_etag"]})
        if call.method != "PUT":
            raise method_not_allowed(call.method)
        call.conditions.check_match(offer["_etag"])
        content = _content(call.document())
        column, key = ("number", number) if table == "containers" else ("rowid", -number)
        with self._store.transaction():
            self._store.connection.execute(
                f"update {table} set throughput = ? where {column} = ?", (text(content), key)
            )
        changed = {**offer, "content": content, "_etag": _etag(offer["resource"], content)}
        return Reply(200, changed, {"etag": changed["_etag"]})

    def _all(self) -> list[tuple[Document, tuple[str, int]]]:
        rows = self._store.connection.execute(_OWNERS).fetchall()
        return [
            (_offer(number, decode(properties), decode(throughput)), (table, number))
            for table, number, properties, throughput in rows
        ]


def _content(offer: Document) -> Document:
    content = offer.get("content")
    if not isinstance(content, dict) or not isinstance(content.get("offerThroughput"), int):
        raise bad_request("The offer needs a content with offerThroughput.")
    return content


def _etag(link: str, content: Document) -> str:
    """Of what it says: an offer has no row of its own."""
    told = (content.get("offerThroughput"), content.get("offerAutopilotSettings"))
    return f'"{uuid.uuid5(uuid.NAMESPACE_URL, link + text(told))}"'


def _offer(number: int, owner: Document, content: Document) -> Document:
    rid = offer_rid(number)
    return {
        "resource": owner["_self"],
        "offerType": "Invalid",
        "offerResourceId": owner["_rid"],
        "offerVersion": "V2",
        "content": {"offerIsRUPerMinuteThroughputEnabled": False, **content},
        "id": rid,
        "_rid": rid,
        "_self": f"offers/{rid}/",
        "_etag": _etag(owner["_self"], content),
        "_ts": owner["_ts"],
    }
