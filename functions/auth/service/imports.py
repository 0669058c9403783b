"""Imports of users: taken, worked off chunk by chunk, reported."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from functions.auth.domain.import_files import csv_rows, json_rows
from functions.auth.domain.imports import Import, ImportChunk, Result, Row, chunk_id, chunks_of
from functions.auth.models.imports import ImportOptions
from functions.auth.service.import_rows import RowService
from shared.contracts.auth import ImportUsers
from shared.errors import UnsupportedMedia
from shared.identity.caller import Caller
from shared.identity.permissions import PERMISSIONS
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Beside, Documents, Stored
from shared.records.rereading import until_fresh
from shared.telemetry import scope
from shared.telemetry.logs import say

CHUNKS_A_MESSAGE = 5  # some seconds' work: long before the message's lock is over
READERS = {"text/csv": csv_rows, "application/json": json_rows}


class Chunks(Documents[ImportChunk], Protocol):
    """Where the rows are kept."""

    async def put(self, chunks: Sequence[ImportChunk]) -> None: ...
    async def of(self, tenant_id: str, import_id: str) -> list[ImportChunk]: ...


class ImportService:
    """Each chunk is finished with one save, which also asks for the next."""

    def __init__(
        self, imports: Documents[Import], chunks: Chunks, rows: RowService, now: Clock
    ) -> None:
        self._imports = imports
        self._chunks = chunks
        self._rows = rows
        self._now = now

    async def begin(
        self, caller: Caller, content: bytes, media_type: str, options: ImportOptions
    ) -> Stored[Import]:
        """Raises UnsupportedMedia, Malformed, UnreadableImport or TooManyRows."""
        rows = _rows(content, media_type)
        now = self._now()
        run = Import(
            id=new_id(),
            tenant_id=caller.tenant_id,
            started_by=caller.id,
            may_give=frozenset(
                role for role, needed in PERMISSIONS.items() if all(map(caller.may, needed))
            ),
            dry_run=options.dry_run,
            existing=options.existing,
            rows=len(rows),
            started_at=now,
        )
        await self._chunks.put(list(chunks_of(run, rows)))
        return await self._imports.save(Stored(run), "begin import", run.asked(now))

    async def work(self, job: ImportUsers) -> None:
        """Some chunks; the last save asks for the rest. Safe to repeat, by where the import stands:
        the job's inbox marker would take the second chunk's save for done."""
        with scope.entered(replace(scope.current(), handling=None)):
            ahead = CHUNKS_A_MESSAGE
            while ahead and await until_fresh(partial(self._step, job, ahead)):
                ahead -= 1

    async def results(self, tenant_id: str, import_id: str) -> list[Result]:
        """Of all rows that are worked off. Raises Missing."""
        await self._imports.get(tenant_id, import_id)
        chunks = await self._chunks.of(tenant_id, import_id)
        return [result for chunk in chunks for result in chunk.results]

    async def _step(self, job: ImportUsers, ahead: int) -> bool:
        """Whether there is more to do here. Raises Stale when the same was done elsewhere."""
        number = job.chunk + CHUNKS_A_MESSAGE - ahead
        stored = await self._imports.get(job.tenant_id, job.import_id)
        if stored.document.finished_at is not None or stored.document.chunks_done != number:
            return False
        chunk = (await self._chunks.get(job.tenant_id, chunk_id(number), job.import_id)).document
        results = await self._rows.worked_off(stored.document, chunk.rows)
        run = stored.document.having(results, self._now())
        finished = run.finished_at is not None
        more = [run.asked(self._now())] if ahead == 1 and not finished else []
        beside = (Beside(chunk.worked_off(results)),)
        await self._imports.save(stored.now(run), "work off chunk", *more, beside=beside)
        say("auth.import_worked", import_id=run.id, done=run.done, rows=run.rows)
        return not finished


def _rows(content: bytes, media_type: str) -> list[Row]:
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in READERS:
        raise UnsupportedMedia(f"Send {' or '.join(READERS)} (Content-Type says {kind}).")
    return READERS[kind](content)
