"""Messages, and the answers given for them, in SQLite: what was acknowledged is kept."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.communication.message import Message

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, channel TEXT NOT NULL,
  document TEXT NOT NULL, cleared INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS recipients (
  seq INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE, address TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS recipients_of ON recipients (seq);
CREATE TABLE IF NOT EXISTS attachments (
  seq INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE, position INTEGER NOT NULL,
  name TEXT NOT NULL, content_type TEXT NOT NULL, content_id TEXT NOT NULL, content BLOB NOT NULL,
  PRIMARY KEY (seq, position)) STRICT;
CREATE TABLE IF NOT EXISTS answers (
  kind TEXT NOT NULL, key TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT;
"""


@dataclass(frozen=True)
class Wanted:
    """Which messages: `to` is part of a recipient's address or name, `after` a `seq`."""

    to: str = ""
    channel: str = ""
    after: int = 0
    limit: int = 200


class Recorder:
    """One thread uses it. Without a folder it keeps nothing beyond the process."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        place = str(folder / "communication.sqlite") if folder else ":memory:"
        self._db = sqlite3.connect(place, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")  # kill -9 loses nothing that was committed
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is recorded inside, or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def add(self, message: Message) -> int:
        """Its sequence number."""
        seq = self._db.execute(
            "INSERT INTO messages (id, channel, document) VALUES (?, ?, ?) RETURNING seq",
            (message.id, message.channel, json.dumps(message.document(), ensure_ascii=False)),
        ).fetchone()[0]
        self._db.executemany(
            "INSERT INTO recipients VALUES (?, ?)",
            [(seq, f"{one.name} {one.address}".strip().casefold()) for one in message.recipients],
        )
        self._db.executemany(
            "INSERT INTO attachments VALUES (?, ?, ?, ?, ?, ?)",
            [
                (seq, position, one.name, one.content_type, one.content_id, one.content)
                for position, one in enumerate(message.attachments)
            ],
        )
        return int(seq)

    def messages(self, wanted: Wanted) -> list[dict[str, Any]]:
        """Newest first, each with its `seq`."""
        rows = self._db.execute(
            "SELECT seq, document FROM messages m WHERE cleared = 0 AND seq > :after"
            " AND (:channel = '' OR channel = :channel) AND (:to = '' OR EXISTS ("
            "  SELECT 1 FROM recipients r WHERE r.seq = m.seq AND instr(r.address, :to)))"
            " ORDER BY seq DESC LIMIT :limit",
            {
                "after": wanted.after,
                "channel": wanted.channel,
                "to": wanted.to.strip().casefold(),
                "limit": wanted.limit,
            },
        )
        return [_document(row) for row in rows]

    def message(self, message_id: str) -> dict[str, Any] | None:
        row = self._db.execute(
            "SELECT seq, document FROM messages WHERE id = ? AND cleared = 0", (message_id,)
        ).fetchone()
        return _document(row) if row else None

    def attachment(self, message_id: str, position: int) -> sqlite3.Row | None:
        """With name, content_type and content."""
        row: sqlite3.Row | None = self._db.execute(
            "SELECT a.* FROM attachments a JOIN messages m USING (seq)"
            " WHERE m.id = ? AND m.cleared = 0 AND position = ?",
            (message_id, position),
        ).fetchone()
        return row

    def count(self) -> int:
        return int(
            self._db.execute("SELECT count(*) FROM messages WHERE cleared = 0").fetchone()[0]
        )

    def clear(self) -> int:
        """How many are now hidden. What was hidden before is gone for good."""
        with self.transaction():
            self._db.execute("DELETE FROM messages WHERE cleared = 1")
            return self._db.execute("UPDATE messages SET cleared = 1").rowcount

    def restore(self) -> int:
        """How many came back of what was last cleared."""
        return self._db.execute("UPDATE messages SET cleared = 0 WHERE cleared = 1").rowcount

    def answer(self, kind: str, key: str) -> dict[str, Any] | None:
        """What was said to this key before. It outlives the messages: a repeat stays a repeat."""
        row = self._db.execute(
            "SELECT answer FROM answers WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        return dict(json.loads(row["answer"])) if row else None

    def keep_answer(self, kind: str, key: str, answer: dict[str, Any]) -> None:
        self._db.execute("INSERT INTO answers VALUES (?, ?, ?)", (kind, key, json.dumps(answer)))


def _document(row: sqlite3.Row) -> dict[str, Any]:
    return {"seq": row["seq"], **json.loads(row["document"])}
