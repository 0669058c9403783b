"""The unique keys of a container: within one logical partition no two items share their values."""

from local.cosmos.container import Container
from local.cosmos.errors import conflict
from local.cosmos.partition import PartitionKey, dig
from local.cosmos.store import Store
from local.cosmos.wire import Document, canonical


class UniqueKeys:
    """Claims values for rows; the rows' deletion frees them (see `ItemsTable.delete`)."""

    def __init__(self, store: Store) -> None:
        self._sql = store.connection

    def claim(self, container: Container, key: PartitionKey, document: Document, row: int) -> None:
        """Raises 409 where another item holds the same values."""
        if not container.unique_keys:
            return
        self._sql.execute("delete from unique_values where row = ?", (row,))
        for number, paths in enumerate(container.unique_keys):
            values = [dig(document, path) for path in paths]
            signature = canonical([number, values])
            holder = self._sql.execute(
                "select row from unique_values where container = ? and pk = ? and signature = ?",
                (container.number, key.text, signature),
            ).fetchone()
            if holder is not None:
                raise conflict("Unique index constraint violation.")
            self._sql.execute(
                "insert into unique_values values (?, ?, ?, ?)",
                (container.number, key.text, signature, row),
            )
