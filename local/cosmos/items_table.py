"""The rows of items: by key, by range, by change. Parsed documents stay in memory, by LSN."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from local.cosmos.charges import Work
from local.cosmos.container import Container
from local.cosmos.errors import bad_request
from local.cosmos.partition import PartitionKey
from local.cosmos.pushdown import Filter
from local.cosmos.store import Store
from local.cosmos.wire import Document, decode, encode

_MOST_CACHED, _LARGEST_CACHED = 50_000, 64 * 1024  # documents, bytes of JSON
_MOST_IDS = 1000
_ALL = Filter()
_ALIVE = "(expires is null or expires > ?)"

# Where an item stands in its container's natural order: EPK, partition key, id.
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One item, `size` bytes of JSON. The document is shared: copy before you change it."""

    row: int
    lsn: int
    document: Document
    size: int


@dataclass(frozen=True, slots=True)
class Range:
    """Which items to read: one partition, a stretch of the ring (end excluded), or all."""

    key: PartitionKey | None = None
    start_epk: str = ""
    end_epk: str = "FF"
    after: Place | None = None
    ids: frozenset[str] | None = None
    filter: Filter = _ALL

    def narrowed(
        self, start: tuple[str | int, ...] | None, ids: frozenset[str] | None, filter_: Filter
    ) -> "Range":
        """From `start` on (included), and only items with these ids, unless they are too many."""
        few = ids if ids is not None and len(ids) <= _MOST_IDS else None
        if start is None:
            return replace(self, ids=few, filter=filter_)
        try:
            epk, pk, identifier = map(str, start)
        except ValueError:
            raise bad_request("The continuation token belongs to another query.") from None
        return replace(self, after=(epk, pk, identifier), ids=few, filter=filter_)

    def condition(self) -> tuple[str, list[str | float]]:
        clauses: list[str] = []
        values: list[str | float] = []
        if self.key is not None:
            clauses.append("epk = ? and pk = ?")
            values += [self.key.epk, self.key.text]
        elif (self.start_epk, self.end_epk) != ("", "FF"):
            clauses.append("epk >= ? and epk < ?")
            values += [self.start_epk, self.end_epk]
        if self.after is not None:
            clauses.append("(epk, pk, id) >= (?, ?, ?)")
            values += self.after
        if self.ids is not None:
            clauses.append(f"id in ({', '.join('?' * len(self.ids))})")
            values += sorted(self.ids)
        if self.filter != _ALL:
            clauses.append(self.filter.sql)
            values += self.filter.values
        return "".join(f" and {clause}" for clause in clauses), values


class ItemsTable:
    """Plain rows; who may write what is decided elsewhere."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sql = store.connection
        self._parsed: OrderedDict[int, tuple[Document, int]] = OrderedDict()

    def get(self, container: Container, key: PartitionKey, identifier: str) -> StoredItem | None:
        found = self._sql.execute(
            "select row, lsn from items where container = ? and epk = ? and pk = ? and id = ? "
            f"and {_ALIVE}",
            (container.number, key.epk, key.text, identifier, self._store.now()),
        ).fetchone()
        return None if found is None else self._load(*found)

    def insert(
        self, container: Container, key: PartitionKey, document: Document, lsn: int
    ) -> StoredItem:
        """The caller has made sure that the key is free."""
        body = encode(document)
        cursor = self._sql.execute(
            "insert into items(lsn, ts, ttl, expires, body, container, epk, pk, id) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(lsn, *_lifetime(container, document), body),
                *(container.number, key.epk, key.text, document["id"]),
            ),
        )
        self._remember(lsn, document, len(body))
        return StoredItem(int(cursor.lastrowid or 0), lsn, document, len(body))

    def update(self, container: Container, row: int, document: Document, lsn: int) -> StoredItem:
        body = encode(document)
        self._sql.execute(
            "update items set lsn = ?, ts = ?, ttl = ?, expires = ?, body = ? where row = ?",
            (lsn, *_lifetime(container, document), body, row),
        )
        self._remember(lsn, document, len(body))
        return StoredItem(row, lsn, document, len(body))

    def delete(self, row: int) -> None:
        self._sql.execute("delete from unique_values where row = ?", (row,))
        self._sql.execute("delete from items where row = ?", (row,))

    def delete_partition(self, container: Container, key: PartitionKey) -> None:
        rows = self._sql.execute(
            "select row from items where container = ? and epk = ? and pk = ?",
            (container.number, key.epk, key.text),
        ).fetchall()
        for (row,) in rows:
            self.delete(row)

    def purge_expired(self, container: Container) -> None:
        """Make room for ids and unique values whose owners are past their time to live."""
        rows = self._sql.execute(
            "select row from items where container = ? and expires <= ?",
            (container.number, self._store.now()),
        ).fetchall()
        for (row,) in rows:
            self.delete(row)

    def scan(
        self, container: Container, within: Range, work: Work
    ) -> Iterator[tuple[Place, Document]]:
        """In natural order, `within.after` included: a page can begin inside a document.

        Adds to `work` what has been read.
        """
        rows = self._places(container, within)
        parsed = self._parsed
        for place, row, lsn in rows:
            document, size = parsed.get(lsn) or self._loaded(row, lsn)
            work.documents += 1
            work.size += size
            yield (*place, document["id"]), document

    def _places(
        self, container: Container, within: Range
    ) -> Iterator[tuple[tuple[str, str], int, int]]:
        """EPK and partition key, row, LSN. Of one partition the first two are known already."""
        condition, values = within.condition()
        columns = "epk, pk, row, lsn" if within.key is None else "row, lsn"
        rows = self._sql.execute(
            f"select {columns} from items where container = ? and {_ALIVE}{condition} "
            "order by epk, pk, id",
            (container.number, self._store.now(), *values),
        )
        if within.key is None:
            return (((epk, pk), row, lsn) for epk, pk, row, lsn in rows)
        place = (within.key.epk, within.key.text)
        return ((place, row, lsn) for row, lsn in rows)

    def _loaded(self, row: int, lsn: int) -> tuple[Document, int]:
        item = self._load(row, lsn)
        return item.document, item.size

    def changes(
        self, container: Container, within: Range, after_lsn: int, since_ts: int, most: int
    ) -> list[StoredItem]:
        """The latest version of what changed after `after_lsn`, not before `since_ts`."""
        condition, values = within.condition()
        rows = self._sql.execute(
            f"select row, lsn from items where container = ? and {_ALIVE}{condition} "
            "and lsn > ? and ts >= ? order by lsn limit ?",
            (container.number, self._store.now(), *values, after_lsn, since_ts, most),
        ).fetchall()
        return [self._load(row, lsn) for row, lsn in rows]

    def _load(self, row: int, lsn: int) -> StoredItem:
        known = self._parsed.get(lsn)
        if known is not None:
            return StoredItem(row, lsn, *known)
        body = self._sql.execute("select body from items where row = ?", (row,)).fetchone()[0]
        document = decode(body)
        self._remember(lsn, document, len(body))
        return StoredItem(row, lsn, document, len(body))

    def _remember(self, lsn: int, document: Document, size: int) -> None:
        if size > _LARGEST_CACHED:
            return
        self._parsed[lsn] = document, size
        if len(self._parsed) > _MOST_CACHED:
            self._parsed.popitem(last=False)


def _lifetime(container: Container, document: Document) -> tuple[int, int | None, int | None]:
    """When it was written, its own time to live, and when it expires (seconds since 1970).

    An item's own `ttl` counts only where its container has a default.
    """
    written, own = int(document["_ts"]), document.get("ttl")
    ttl = own if own is not None else container.default_ttl
    if container.default_ttl is None or ttl is None or ttl == -1:
        return written, own, None
    return written, own, written + ttl
