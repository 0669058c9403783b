"""The journal on disk: SQLite, one commit per turn, before anything is acknowledged.

WAL with synchronous=NORMAL survives the end of the process at any moment; only a power cut may
take the last commits back. Locks are not stored: after a restart every message is free again.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from local.servicebus.entities.held import Held

_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY, entity TEXT NOT NULL, enqueued_number INTEGER NOT NULL,
    state INTEGER NOT NULL, enqueued_ms INTEGER NOT NULL, scheduled_ms INTEGER,
    time_to_live_ms INTEGER, expires_ms INTEGER, delivery_count INTEGER NOT NULL,
    dead_source TEXT, dead_reason TEXT, dead_description TEXT, content BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS session (
    entity TEXT NOT NULL, id TEXT NOT NULL, state BLOB, updated_ms INTEGER NOT NULL,
    PRIMARY KEY (entity, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
    entity TEXT NOT NULL, message_id TEXT NOT NULL, until_ms INTEGER NOT NULL,
    PRIMARY KEY (entity, message_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counter (
    name TEXT PRIMARY KEY, value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
_CHANGED = """
INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET
    entity = excluded.entity, state = excluded.state, expires_ms = excluded.expires_ms,
    delivery_count = excluded.delivery_count, dead_source = excluded.dead_source,
    dead_reason = excluded.dead_reason, dead_description = excluded.dead_description
"""
_REMOVED = "DELETE FROM message WHERE number BETWEEN ? AND ?"
_SESSION = "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?)"
_NO_SESSION = "DELETE FROM session WHERE entity = ? AND id = ?"
_SEEN = "INSERT OR REPLACE INTO seen VALUES (?, ?, ?)"
_FORGOT = "DELETE FROM seen WHERE entity = ? AND message_id = ?"
_COUNTER = "INSERT OR REPLACE INTO counter VALUES ('number', ?)"


class StoreBusy(RuntimeError):
    """Another broker works in the same folder."""


class SqliteJournal:
    """Collects a turn's changes and writes their outcome: what came and went is never written."""

    def __init__(self, path: Path) -> None:
        """Raises StoreBusy."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.database = sqlite3.connect(path, isolation_level=None, timeout=1)
        try:
            self.database.execute("PRAGMA locking_mode=EXCLUSIVE")
            self.database.execute("PRAGMA journal_mode=WAL")
            self.database.execute("PRAGMA synchronous=NORMAL")
            # Most messages are gone before their pages are worth carrying into the database.
            self.database.execute("PRAGMA wal_autocheckpoint=8000")
            self.database.execute("PRAGMA cache_size=-65536")
            self.database.executescript(_SCHEMA)
        except sqlite3.OperationalError as error:
            self.database.close()
            raise StoreBusy(f"{path} is in use: {error}") from error
        self._changed: dict[int, Held] = {}
        self._removed: dict[int, str] = {}
        self._sessions: dict[tuple[str, str], tuple[bytes | None, int]] = {}
        self._seen: dict[tuple[str, str], int | None] = {}
        self._last_number: int | None = None

    def changed(self, message: Held) -> None:
        self._removed.pop(message.number, None)
        self._changed[message.number] = message

    def removed(self, message: Held) -> None:
        self._changed.pop(message.number, None)
        self._removed[message.number] = message.entity

    def session_changed(
        self, entity: str, session_id: str, state: bytes | None, updated_ms: int
    ) -> None:
        self._sessions[entity, session_id] = (state, updated_ms)

    def seen(self, entity: str, message_id: str, until_ms: int) -> None:
        self._seen[entity, message_id] = until_ms

    def forgot(self, entity: str, message_id: str) -> None:
        self._seen[entity, message_id] = None

    def numbered(self, last: int) -> None:
        self._last_number = last

    def touched(self) -> set[str]:
        """The paths of the entities that the turn has changed."""
        messages = {message.entity for message in self._changed.values()}
        return messages.union(
            self._removed.values(),
            (entity for entity, _ in self._sessions),
            (entity for entity, _ in self._seen),
        )

    def commit(self) -> None:
        """Raises sqlite3.Error: then nothing of the turn may be acknowledged."""
        if not (self._changed or self._removed or self._sessions or self._seen):
            return
        database = self.database
        database.execute("BEGIN")
        database.executemany(_CHANGED, map(_row, self._changed.values()))
        database.executemany(_REMOVED, _runs(self._removed))
        self._commit_sessions()
        self._commit_seen()
        if self._last_number is not None:
            database.execute(_COUNTER, (self._last_number,))
        database.execute("COMMIT")
        self._forget_turn()

    def close(self) -> None:
        self.commit()
        self.database.close()

    def _commit_sessions(self) -> None:
        for (entity, session_id), (state, updated_ms) in self._sessions.items():
            if state is None:
                self.database.execute(_NO_SESSION, (entity, session_id))
            else:
                self.database.execute(_SESSION, (entity, session_id, state, updated_ms))

    def _commit_seen(self) -> None:
        for (entity, message_id), until_ms in self._seen.items():
            if until_ms is None:
                self.database.execute(_FORGOT, (entity, message_id))
            else:
                self.database.execute(_SEEN, (entity, message_id, until_ms))

    def _forget_turn(self) -> None:
        self._changed.clear()
        self._removed.clear()
        self._sessions.clear()
        self._seen.clear()
        self._last_number = None


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each unbroken run: what is received in order is deleted at one stroke."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _row(message: Held) -> tuple[object, ...]:
    dead = message.dead
    return (
        message.number,
        message.entity,
        message.enqueued_number,
        int(message.state),
        message.enqueued_ms,
        message.scheduled_ms,
        message.time_to_live_ms,
        message.expires_ms,
        message.delivery_count,
        dead.source if dead else None,
        dead.reason if dead else None,
        dead.description if dead else None,
        message.content.raw,
    )
