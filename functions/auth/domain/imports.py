"""Many people at once: the rows of a file, worked off in chunks, and what became of each. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import AwareDatetime, ConfigDict, Field

from shared.contracts.auth import ImportUsers
from shared.identity.permissions import Role
from shared.model import Model
from shared.platform.ids import sibling
from shared.records.document import Document

CHUNK_ROWS = 100
KEPT_S = 30 * 24 * 60 * 60


class Existing(StrEnum):
    """What becomes of a row whose e-mail address a user has already."""

    REPORT = "report"
    SKIP = "skip"
    UPDATE = "update"


class ImportStatus(StrEnum):
    """How far an import is."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"


class Outcome(StrEnum):
    """What became of a row; in a dry run, what would."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


class Row(Model):
    """A row as it was sent. `line` is where it begins in a CSV file, or its number in a list.

    `problem` says why it cannot even be read.
    """

    model_config = ConfigDict(frozen=True)

    line: int
    values: dict[str, Any] = Field(default_factory=dict)
    problem: str = ""


class Problem(Model):
    """What is wrong `at` which field."""

    model_config = ConfigDict(frozen=True)

    at: str
    problem: str


class Result(Model):
    """What became of a row. It holds nothing of the row itself, which may be personal."""

    model_config = ConfigDict(frozen=True)

    line: int
    outcome: Outcome
    user_id: str | None = None
    problems: tuple[Problem, ...] = ()


class Import(Document):
    """`may_give` are the roles that whoever began it may give to others."""

    started_by: str
    may_give: frozenset[Role]
    dry_run: bool
    existing: Existing
    rows: int
    done: int = 0
    chunks_done: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    started_at: AwareDatetime
    finished_at: AwareDatetime | None = None
    ttl: int | None = KEPT_S

    @property
    def status(self) -> ImportStatus:
        if self.finished_at is not None:
            return ImportStatus.FINISHED
        return ImportStatus.RUNNING if self.done else ImportStatus.WAITING

    def having(self, results: Sequence[Result], at: datetime) -> "Import":
        """With one more chunk worked off."""
        done = self.done + len(results)
        counts = {
            outcome.value: getattr(self, outcome.value)
            + sum(result.outcome is outcome for result in results)
            for outcome in Outcome
        }
        finished = at if done == self.rows else None
        progress = {"done": done, "chunks_done": self.chunks_done + 1, "finished_at": finished}
        return self.model_copy(update={**counts, **progress})

    def asked(self, at: datetime) -> ImportUsers:
        """The job that goes on where it stands."""
        return ImportUsers(
            tenant_id=self.tenant_id, at=at, import_id=self.id, chunk=self.chunks_done
        )

    def user_id(self, line: int) -> str:
        """Always the same, so that a row worked off twice makes one user."""
        return sibling(self.id, line)


class ImportChunk(Document):
    """Some rows, until they are worked off; then what became of them."""

    audited: ClassVar[bool] = False

    import_id: str
    rows: tuple[Row, ...] = ()
    results: tuple[Result, ...] = ()
    ttl: int | None = KEPT_S

    @property
    def key(self) -> str:
        return self.import_id

    def worked_off(self, results: Sequence[Result]) -> "ImportChunk":
        return self.model_copy(update={"rows": (), "results": tuple(results)})


def chunk_id(number: int) -> str:
    return f"chunk:{number:05}"


def chunks_of(run: Import, rows: Sequence[Row]) -> Iterator[ImportChunk]:
    for number, start in enumerate(range(0, len(rows), CHUNK_ROWS)):
        yield ImportChunk(
            id=chunk_id(number),
            tenant_id=run.tenant_id,
            import_id=run.id,
            rows=tuple(rows[start : start + CHUNK_ROWS]),
        )
