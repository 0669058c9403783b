"""The SQLite file: tables, transactions, and the sequence numbers (LSN) of all changes."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Clock = Callable[[], float]

_TABLES = """
create table if not exists databases(
    id text primary key, properties text not null, throughput text);
create table if not exists containers(
    number integer primary key autoincrement, database text not null, id text not null,
    properties text not null, throughput text, unique(database, id));
create table if not exists items(
    row integer primary key, container integer not null, epk text not null, pk text not null,
    id text not null, lsn integer not null, ts integer not null, ttl integer, expires real,
    body blob not null);
create unique index if not exists items_by_key on items(container, epk, pk, id);
create index if not exists items_by_id on items(container, id);
create unique index if not exists items_by_lsn on items(container, lsn);
create index if not exists items_by_expiry on items(container, expires) where expires is not null;
create table if not exists unique_values(
    container integer not null, pk text not null, signature text not null, row integer not null,
    primary key(container, pk, signature)) without rowid;
create index if not exists unique_values_by_row on unique_values(row);
create table if not exists counters(name text primary key, value integer not null);
"""
_LSN_BLOCK = 1000


class DataInUse(RuntimeError):
    """Another process has the data directory open."""


class Store:
    """One open file (or memory). Every change happens inside `transaction()`."""

    def __init__(self, directory: Path | None, clock: Clock = time.time) -> None:
        self._clock = clock
        self._ahead_s = 0.0
        self.connection = sqlite3.connect(_file(directory), isolation_level=None, timeout=1.0)
        try:
            self._prepare()
        except sqlite3.OperationalError as error:
            self.connection.close()
            if "locked" in str(error):
                raise DataInUse(f"{directory} is open in another process.") from None
            raise
        self._lsn = self._reserved = self._read_counter()

    def now(self) -> float:
        """Seconds since 1970, which `pass_time` can push forward."""
        return self._clock() + self._ahead_s

    def pass_time(self, seconds: float) -> None:
        self._ahead_s += seconds

    @property
    def lsn(self) -> int:
        """The number of the last change."""
        return self._lsn

    def next_lsn(self) -> int:
        """Never given twice, even after a rollback or a crash: blocks are reserved in the file."""
        if self._lsn >= self._reserved:
            self._reserved = self._lsn + _LSN_BLOCK
            self.connection.execute(
                "insert or replace into counters values ('lsn', ?)", (self._reserved,)
            )
        self._lsn += 1
        return self._lsn

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Not to be nested."""
        self.connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self.connection.execute("rollback")
            self._reserved = self._lsn  # the reservation may have been rolled back with the rest
            raise
        self.connection.execute("commit")

    def close(self) -> None:
        self.connection.close()

    def _prepare(self) -> None:
        # Exclusive: the sequence numbers and the caches belong to one process alone.
        self.connection.execute("pragma locking_mode = exclusive")
        self.connection.execute("pragma journal_mode = wal")
        self.connection.execute("pragma synchronous = normal")
        self.connection.execute("pragma cache_size = -65536")
        self.connection.executescript(_TABLES)

    def _read_counter(self) -> int:
        found = self.connection.execute("select value from counters where name = 'lsn'").fetchone()
        return int(found[0]) if found else 0


def _file(directory: Path | None) -> str:
    if directory is None:
        return ":memory:"
    directory.mkdir(parents=True, exist_ok=True)
    return str(directory / "cosmos.db")
