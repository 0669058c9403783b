"""The forked process that serves one state of the code, from `ready` to its drained end."""

import asyncio
import contextlib
import json
import os
import sys
import time
import traceback
from socket import socket

from local.ending import asked_to_end
from local.host import serving
from local.host.host import Host, Options
from local.host.reloading import loaded

GO = b"g"


class _Control:
    """The line to the parent: says `ready`, starts when told to, ends when told to or orphaned."""

    def __init__(self, options: Options, listening: socket, line: socket) -> None:
        self._options = options
        self._listening = listening
        self._line = line
        self._go = asyncio.Event()
        self._asked = asyncio.Event()

    async def built(self, host: Host) -> socket:
        self._asked = asked_to_end()
        asyncio.get_running_loop().add_reader(self._line, self._heard)
        app_dir = self._options.app_dir
        said = {
            "functions": host.function_count,
            "cpu_ms": round(time.process_time() * 1000),
            "places": [str(place) for place in loaded.app_places(app_dir)],
            "libraries": loaded.libraries(app_dir),
        }
        with contextlib.suppress(OSError):  # the parent is gone: the end follows
            self._line.setblocking(True)
            self._line.sendall(json.dumps(said).encode() + b"\n")
        waiting = [asyncio.ensure_future(each.wait()) for each in (self._go, self._asked)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()
        return self._listening

    async def serves(self, url: str, host: Host) -> None:
        del url, host
        await self._asked.wait()

    def _heard(self) -> None:
        if self._line.recv(1) == GO:
            self._go.set()
        else:
            asyncio.get_running_loop().remove_reader(self._line)
            self._asked.set()


def run(options: Options, listening: socket, line: socket) -> None:
    """Never returns: the process ends here, with the code that it would otherwise return."""
    code = 1
    try:
        serving.prepare(options)
        code = serving.end(asyncio.run(serving.serve(options, _Control(options, listening, line))))
    except serving.REFUSALS as error:
        code = serving.refused(options.app_dir, error)
    except BaseException:  # noqa: BLE001 - the process ends here: nobody else can say it
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
