"""The databases and containers, as rows of the store. Drops items with them, and reads none."""

from local.cosmos.container import Container, check_replacement, checked_definition
from local.cosmos.errors import container_not_found, item_not_found, resource_exists
from local.cosmos.identifiers import checked_id
from local.cosmos.resource_ids import new_etag, stamp_container, stamp_database
from local.cosmos.store import Store
from local.cosmos.wire import Document, decode, text


class Catalog:
    """Reads are cached; every change forgets the cache."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sql = store.connection
        self._containers: dict[tuple[str, str], Container] = {}

    def databases(self) -> list[Document]:
        rows = self._sql.execute("select properties from databases order by id").fetchall()
        return [decode(row[0]) for row in rows]

    def database(self, identifier: str) -> Document:
        row = self._sql.execute(
            "select properties from databases where id = ?", (identifier,)
        ).fetchone()
        if row is None:
            raise item_not_found()
        found: Document = decode(row[0])
        return found

    def create_database(self, properties: Document, throughput: str | None) -> Document:
        identifier = checked_id(properties)
        if self._exists("select 1 from databases where id = ?", identifier):
            raise resource_exists()
        stamped = stamp_database(properties, self._store.now())
        with self._store.transaction():
            self._sql.execute(
                "insert into databases values (?, ?, ?)", (identifier, text(stamped), throughput)
            )
        return stamped

    def delete_database(self, identifier: str) -> None:
        self.database(identifier)
        numbers = self._sql.execute(
            "select number from containers where database = ?", (identifier,)
        ).fetchall()
        with self._store.transaction():
            for (number,) in numbers:
                self._drop(number)
            self._sql.execute("delete from databases where id = ?", (identifier,))
        self._containers.clear()

    def containers(self, database: str) -> list[Document]:
        self.database(database)
        rows = self._sql.execute(
            "select properties from containers where database = ? order by id", (database,)
        ).fetchall()
        return [decode(row[0]) for row in rows]

    def container(self, database: str, identifier: str) -> Container:
        known = self._containers.get((database, identifier))
        if known is not None:
            return known
        row = self._sql.execute(
            "select number, properties from containers where database = ? and id = ?",
            (database, identifier),
        ).fetchone()
        if row is None:
            raise container_not_found()
        container = Container.read(row[0], database, decode(row[1]))
        self._containers[database, identifier] = container
        return container

    def create_container(
        self, database: str, properties: Document, throughput: str | None
    ) -> Document:
        owner = self.database(database)
        identifier = checked_id(properties)
        if self._exists(
            "select 1 from containers where database = ? and id = ?", database, identifier
        ):
            raise resource_exists()
        stamped = stamp_container(checked_definition(properties), owner, self._store.now())
        with self._store.transaction():
            self._sql.execute(
                "insert into containers(database, id, properties, throughput) values (?, ?, ?, ?)",
                (database, identifier, text(stamped), throughput),
            )
        return stamped

    def replace_container(self, container: Container, properties: Document) -> Document:
        definition = checked_definition(properties)
        checked_id(definition)
        check_replacement(container.properties, definition)
        kept = {
            name: value
            for name, value in container.properties.items()
            if name.startswith("_") or name == "uniqueKeyPolicy"
        }
        replaced = {**definition, **kept, "_etag": new_etag(), "_ts": int(self._store.now())}
        with self._store.transaction():
            self._sql.execute(
                "update containers set properties = ? where number = ?",
                (text(replaced), container.number),
            )
            self._apply_ttl(container.number, replaced.get("defaultTtl"))
        self._containers.clear()
        return replaced

    def delete_container(self, container: Container) -> None:
        with self._store.transaction():
            self._drop(container.number)
        self._containers.clear()

    def _apply_ttl(self, number: int, default_ttl: int | None) -> None:
        """A new default counts from each item's last change, as in the service."""
        self._sql.execute(
            "update items set expires = case when :default is null then null "
            "when coalesce(ttl, :default) = -1 then null "
            "else ts + coalesce(ttl, :default) end where container = :number",
            {"default": default_ttl, "number": number},
        )

    def _drop(self, number: int) -> None:
        self._sql.execute("delete from unique_values where container = ?", (number,))
        self._sql.execute("delete from items where container = ?", (number,))
        self._sql.execute("delete from containers where number = ?", (number,))

    def _exists(self, query: str, *values: str) -> bool:
        return self._sql.execute(query, values).fetchone() is not None
