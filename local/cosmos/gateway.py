"""The one entrance: checks the signature, finds the resource, and answers each call in one step."""

import logging

from local.cosmos import sessions
from local.cosmos.account import account
from local.cosmos.admin import PREFIX, Admin
from local.cosmos.authorization import check_signature
from local.cosmos.call import Call, Reply
from local.cosmos.catalog import Catalog
from local.cosmos.container import Container
from local.cosmos.documents import Documents
from local.cosmos.errors import (
    ConnectionLost,
    Refusal,
    bad_request,
    method_not_allowed,
    resource_not_found,
)
from local.cosmos.faults import Disturbance, Faults
from local.cosmos.feeds import feed
from local.cosmos.offers import Offers
from local.cosmos.planned import Planned
from local.cosmos.ranges import RANGE_ID, check_container
from local.cosmos.store import Store
from local.cosmos.wire import Document

_log = logging.getLogger(__name__)


class Gateway:
    """Never waits: a call is answered before the next one begins, and so each is atomic."""

    def __init__(
        self, store: Store, key: bytes, *, strict: bool = True, planned: Planned | None = None
    ) -> None:
        self._store = store
        self._key = key
        self._planned = planned or Planned()
        self._faults = Faults()
        self._admin = Admin(store, self._faults)
        self._catalog = Catalog(store)
        self._offers = Offers(store)
        self._documents = Documents(store, self._planned, strict=strict)

    def answer(self, call: Call) -> Reply:
        """A reply: refusals as the service words them, 500 for our own faults.

        Raises ConnectionLost, and nothing else, where a fault on order wants no answer at all.
        """
        try:
            reply = self._route(call)
        except Refusal as refusal:
            reply = _refused(refusal)
        except ConnectionLost:
            raise
        except RecursionError:
            reply = _refused(bad_request("The request is nested too deeply."))
        except Exception:  # noqa: BLE001 - a client must get an answer; the log keeps the trace
            _log.exception("%s %s failed", call.method, "/".join(call.segments))
            reply = _refused(Refusal(500, "InternalServerError", "The local endpoint failed."))
        session = {sessions.HEADER: sessions.session_token(self._store)}
        return Reply(reply.status, reply.body, {**session, **reply.headers}, reply.charge)

    def _route(self, call: Call) -> Reply:
        if call.segments[:1] == (PREFIX,):
            return self._admin.answer(call)
        check_signature(call, self._key)
        match call.segments:
            case ():
                return Reply(200, account(call.origin))
            case ("offers", *_):
                return self._offers.answer(call)
            case ("dbs",):
                return self._databases(call)
            case ("dbs", database):
                return self._database(call, database)
            case ("dbs", database, "colls", *rest):
                return self._below(call, database, rest)
            case _:
                raise resource_not_found()

    def _below(self, call: Call, database: str, rest: list[str]) -> Reply:
        if not rest:
            return self._containers(call, database)
        container = self._found(call, database, rest[0])
        if len(rest) == 1:
            return self._container(call, container)
        return self._data(call, container)

    def _found(self, call: Call, database: str, identifier: str) -> Container:
        container = self._catalog.container(database, identifier)
        check_container(call, container)
        return container

    def _databases(self, call: Call) -> Reply:
        if call.method == "GET" or call.is_query:
            return feed(call, "Databases", "", self._catalog.databases())
        if call.method == "POST":
            created = self._catalog.create_database(call.document(), call.throughput)
            return Reply(201, created, {"etag": created["_etag"]})
        raise method_not_allowed(call.method)

    def _database(self, call: Call, identifier: str) -> Reply:
        if call.method == "GET":
            return _resource(call, self._catalog.database(identifier))
        if call.method == "DELETE":
            call.conditions.check_match(self._catalog.database(identifier)["_etag"])
            self._catalog.delete_database(identifier)
            return Reply(204)
        raise method_not_allowed(call.method)

    def _containers(self, call: Call, database: str) -> Reply:
        if call.method == "GET" or call.is_query:
            owner = self._catalog.database(database)
            found = self._catalog.containers(database)
            return feed(call, "DocumentCollections", owner["_rid"], found)
        if call.method == "POST":
            created = self._catalog.create_container(database, call.document(), call.throughput)
            return Reply(201, created, {"etag": created["_etag"]})
        raise method_not_allowed(call.method)

    def _container(self, call: Call, container: Container) -> Reply:
        if call.method != "GET":
            call.conditions.check_match(container.properties["_etag"])
        match call.method:
            case "GET":
                return _resource(call, container.properties)
            case "PUT":
                replaced = self._catalog.replace_container(container, call.document())
                return Reply(200, replaced, {"etag": replaced["_etag"]})
            case "DELETE":
                self._catalog.delete_container(container)
                return Reply(204)
            case method:
                raise method_not_allowed(method)

    def _data(self, call: Call, container: Container) -> Reply:
        disturbance = self._disturbance(call, container) if _is_data(call) else None
        if disturbance is not None and not disturbance.applied:
            raise disturbance.refusal
        reply = self._documents.answer(call, container)
        if disturbance is not None:
            raise ConnectionLost if disturbance.silent else disturbance.refusal
        headers = {
            "x-ms-alt-content-path": container.link,
            "x-ms-content-path": container.rid,
            "x-ms-documentdb-partitionkeyrangeid": RANGE_ID,
            **reply.headers,
        }
        return Reply(reply.status, reply.body, headers, reply.charge)

    def _disturbance(self, call: Call, container: Container) -> Disturbance | None:
        """What was ordered by hand comes before what was planned."""
        ordered = self._faults.next_for(call.method, container.id)
        return ordered or self._planned.next_for(call, container)


def _is_data(call: Call) -> bool:
    """Metadata stays reachable, so that a fault meets the operation it is meant for."""
    return call.segments[4] == "docs" and not call.is_query_plan


def _resource(call: Call, properties: Document) -> Reply:
    headers = {"etag": properties["_etag"]}
    if call.conditions.has_already(properties["_etag"]):
        return Reply(304, headers=headers)
    return Reply(200, properties, headers)


def _refused(refusal: Refusal) -> Reply:
    headers = dict(refusal.headers)
    if refusal.substatus is not None:
        headers["x-ms-substatus"] = str(refusal.substatus)
    return Reply(refusal.status, refusal.body(), headers)
