"""The host put together: engine, routes and listeners of one app, from start to a clean stop."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from local.host import engine, host_json, index, keys, listeners, logs
from local.host.admin import AdminRoutes
from local.host.http_server import HttpServer, route_table
from local.host.invocations import Invocations
from local.host.listeners import Listener, Source
from local.host.sources import sources
from local.host.stopping import Stop

GRACE_S = 20.0


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    port: int
    app_dir: Path
    data_dir: Path
    enforce_keys: bool = True


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

    async def start(self, port: int) -> str:
        """Open the socket and begin to listen; the address is returned."""
        url = await self._server.start(port)
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
        return late


async def build(options: Options) -> Host:
    """Index the app. Raises IndexFailed, naming the function and the reason."""
    configured = host_json.read(options.app_dir / "host.json")
    started = await engine.start(options.app_dir)
    functions = index.build(started.functions, os.environ)
    table = route_table(index.of_kind(functions, index.HTTP), configured.route_prefix)
    invocations = Invocations(started)
    kinds = sources(invocations, configured, os.environ, options.data_dir)
    listening = tuple(
        listener
        for kind in kinds
        for listener in kind.listeners(index.of_kind(functions, kind.kind))
    )
    admin = AdminRoutes(
        functions,
        {kind.kind: kind.push for kind in kinds},
        lambda: listeners.states(listening),
    )
    found = keys.from_settings(os.environ, enforced=options.enforce_keys)
    if found.enforced and not (found.master and found.function):
        logs.warn("keys missing", needs=[keys.MASTER, keys.FUNCTION])
    server = HttpServer(table, invocations, found, admin)
    return Host(server, invocations, kinds, listening, len(functions))


async def _watched(listener: Listener, stop: Stop) -> None:
    """A listener that breaks is a fault of the host; it is said, and the others go on."""
    try:
        await listener.run(stop)
    except Exception as error:  # noqa: BLE001 - one broken listener must not end the host
        logs.fail("listener broken", function=listener.function.name, error=repr(error))
        logs.log.exception("listener")
