"""The host put together: engine, routes and listeners of one app, from start to a clean stop."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from socket import socket

from local.faults import plan
from local.host import (
    engine,
    host_json,
    http_request,
    index,
    key_store,
    keys,
    listeners,
    logs,
)
from local.host.admin import AdminRoutes
from local.host.host_json import HostJson
from local.host.http_routes import route_table
from local.host.http_server import ANSWER_WITHIN_S, HttpServer, Limits
from local.host.index import IndexedFunction
from local.host.invocations import Invocations
from local.host.listeners import Listener, Source
from local.host.sources import sources
from local.host.stopping import Stop

GRACE_S = 20.0


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    app_dir: Path
    data_dir: Path
    settings: Path
    enforce_keys: bool = True
    answer_within_s: float = ANSWER_WITHIN_S
    faults: Path | None = None


class Host:
    """One app being served."""

    def __init__(
        self,
        server: HttpServer,
        invocations: Invocations,
        kinds: tuple[Source, ...],
        listening: tuple[Listener, ...],
        function_count: int,
    ) -> None:
        self.function_count = function_count
        self._server = server
        self._invocations = invocations
        self._kinds = kinds
        self._listening = listening
        self._tasks: list[asyncio.Task[None]] = []
        self._stop = Stop()

    async def start(self, listening: int | socket) -> str:
        """Begin to listen, on a port or an open socket; the address is returned."""
        url = await self._server.start(listening)
        for listener in self._listening:
            self._tasks.append(asyncio.create_task(_watched(listener, self._stop)))
        return url

    async def stop(self) -> int:
        """Take no new work and let what runs finish; says how many runs did not, in time."""
        self._stop.ask()
        await self._server.stop_accepting()
        began = asyncio.get_running_loop().time()
        late = await self._invocations.finish(GRACE_S)
        spent_s = asyncio.get_running_loop().time() - began
        if self._tasks:
            # A listener settles its messages after its function has ended: a moment for that.
            _, stuck = await asyncio.wait(self._tasks, timeout=max(2.0, GRACE_S - spent_s))
            for task in stuck:
                task.cancel()
        for kind in self._kinds:
            await kind.close()
        await self._server.close()
        return late + self._invocations.given_up


async def build(options: Options) -> Host:
    """Index the app. Raises IndexFailed, naming the function and the reason."""
    configured = host_json.read(options.app_dir / "host.json", os.environ)
    configured.say_what_is_idle()
    faults = plan.read(options.faults, "host")
    started = await engine.start(options.app_dir)
    functions = _functions(started, configured)
    invocations = Invocations(started, timeout_s=configured.function_timeout_s, faults=faults)
    kinds = sources(invocations, configured, os.environ, options.data_dir)
    listening = tuple(
        listener
        for kind in kinds
        for listener in kind.listeners(index.of_kind(functions, kind.kind))
    )
    store = key_store.load(options.data_dir, os.environ, enforced=options.enforce_keys)
    found = store.keys
    if found.enforced and not (found.master and found.function):
        logs.warn("keys missing", needs=[keys.MASTER, keys.FUNCTION])
    admin = AdminRoutes(
        functions,
        {kind.kind: kind.push for kind in kinds},
        lambda: listeners.states(listening),
        store,
    )
    table = route_table(index.of_kind(functions, index.HTTP), configured.route_prefix)
    limits = Limits(http_request.body_limit(os.environ), options.answer_within_s)
    server = HttpServer(table, invocations, lambda: store.keys, admin, limits)
    return Host(server, invocations, kinds, listening, len(functions))


def _functions(started: engine.Engine, configured: HostJson) -> tuple[IndexedFunction, ...]:
    functions = index.build(started.functions, os.environ, configured.retry)
    return index.only(functions, configured.functions)


async def _watched(listener: Listener, stop: Stop) -> None:
    """A listener that breaks is a fault of the host; it is said, and the others go on."""
    try:
        await listener.run(stop)
    except Exception as error:  # noqa: BLE001 - one broken listener must not end the host
        logs.fail("listener broken", function=listener.function.name, error=repr(error))
        logs.log.exception("listener")
