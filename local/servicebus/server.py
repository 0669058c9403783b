"""The broker on a socket: turns of work, each committed before anything of it is answered."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

from local.faults.plan import NONE
from local.servicebus.connection import Connection
from local.servicebus.entities.namespace import Namespace

LOOPBACK = "127.0.0.1"
log = logging.getLogger(__name__)


class Commits(Protocol):
    """What a turn's changes are committed to."""

    def touched(self) -> set[str]:
        """The paths of the entities that the turn has changed."""

    def commit(self) -> None: ...


class Server:
    """`failed` is set with the error that made it impossible to go on."""

    def __init__(
        self, namespace: Namespace, keys: Mapping[str, str], journal: Commits | None = None
    ) -> None:
        self.namespace = namespace
        self.keys = keys
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._journal = journal
        self._loop = asyncio.get_running_loop()
        self._listener: asyncio.Server | None = None
        self._connections: set[Connection] = set()
        self._touched: set[Connection] = set()
        self._awaiting: list[asyncio.Future[None]] = []
        self._turn: asyncio.Handle | None = None
        self._alarm: asyncio.TimerHandle | None = None
        namespace.schedule.on_earlier = self.touch

    async def start(self, port: int) -> int:
        """The port that it listens on. Raises OSError when the given one is taken."""
        self._listener = await self._loop.create_server(lambda: Connection(self), LOOPBACK, port)
        self.touch()
        return int(self._listener.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._listener is not None:
            self._listener.close()
        for connection in list(self._connections):
            connection.abort()
        if self._listener is not None:
            await self._listener.wait_closed()
        self._end_turn()
        if self._alarm is not None:
            self._alarm.cancel()

    def opened(self, connection: Connection) -> None:
        self._connections.add(connection)

    def closed(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self._touched.discard(connection)
        self.touch()

    def touch(self, connection: Connection | None = None) -> None:
        if connection is not None:
            self._touched.add(connection)
        if self._turn is None:
            # Behind whatever else has arrived meanwhile: all of that shares one commit.
            self._turn = self._loop.call_soon(self._end_turn)

    async def committed(self) -> None:
        """Until what was done before this is on disk and handed out. Raises if it cannot be."""
        end: asyncio.Future[None] = self._loop.create_future()
        self._awaiting.append(end)
        self.touch()
        await asyncio.wait([end, self.failed], return_when=asyncio.FIRST_COMPLETED)
        if not end.done():
            self.failed.result()

    def _end_turn(self) -> None:
        if self.failed.done():
            return
        try:
            self.namespace.work()
            if self._journal is not None:
                self._commit(self._journal)
        except Exception as error:
            log.exception("the turn could not be committed; nothing of it is acknowledged")
            if not self.failed.done():
                self.failed.set_exception(error)
            return
        self._turn = None  # what follows may ask for another one
        touched, self._touched = self._touched, set()
        for connection in touched:
            connection.let_out()
        for end in self._awaiting:
            if not end.done():  # else whoever waited has gone
                end.set_result(None)
        self._awaiting.clear()
        self._set_alarm()

    def _commit(self, journal: Commits) -> None:
        faults = self.namespace.machinery.faults
        touched = () if faults is NONE else sorted(journal.touched())
        for entity in touched:
            faults.point("before-commit", entity)
        journal.commit()
        for entity in touched:
            faults.point("after-commit", entity)

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        schedule = self.namespace.schedule
        due = schedule.next_due()
        if due is not None:
            wait_s = max(due - schedule.now(), 0) / 1000 + 0.001
            self._alarm = self._loop.call_later(wait_s, self.touch)
