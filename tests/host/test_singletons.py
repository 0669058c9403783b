"""What one host at a time may do: two of them on the same data, and one that dies."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from local.host.singletons import Singletons
from local.host.stopping import Stop
from local.process import ROOT

HOLDER = """
import asyncio, sys
from pathlib import Path
from local.host.singletons import Singletons
from local.host.stopping import Stop
async def main():
    async with Singletons(Path(sys.argv[1])).held("sweep", Stop()) as mine:
        print(mine, flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


async def test_the_second_waits_until_the_first_is_done(folder: Path) -> None:
    first, second = Singletons(folder), Singletons(folder)
    order = list[str]()
    entered = asyncio.Event()

    async def other() -> None:
        async with second.held("sweep", Stop()) as mine:
            order.append(f"second {mine}")

    async with first.held("sweep", Stop()) as mine:
        assert mine
        waiting = asyncio.create_task(other())
        async with second.held("another", Stop()) as free:
            assert free
            entered.set()
        await entered.wait()
        order.append("first done")
    await asyncio.wait_for(waiting, 5)
    assert order == ["first done", "second True"]


async def test_a_stop_ends_the_waiting(folder: Path) -> None:
    stop = Stop()
    async with Singletons(folder).held("sweep", Stop()):
        stop.ask()
        async with Singletons(folder).held("sweep", stop) as mine:
            assert not mine


async def test_the_lock_of_a_host_that_was_killed_is_free(folder: Path) -> None:
    command = (sys.executable, "-c", HOLDER, str(folder))
    holder = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"True\n"
    holder.kill()
    await holder.wait()
    async with Singletons(folder).held("sweep", Stop()) as mine:
        assert mine
