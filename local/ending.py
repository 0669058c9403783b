"""How a part learns that it is to end: SIGTERM, or Ctrl-C."""

import asyncio
import signal
from types import FrameType

LOOK_EVERY_S = 0.5  # on Windows the loop must wake up by itself for a signal to be noticed


def asked_to_end() -> asyncio.Event:
    """An event of the running loop, set when somebody asks this process to end."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, asked.set)
        except NotImplementedError:  # Windows

            def ask(_number: int, _frame: FrameType | None) -> None:
                loop.call_soon_threadsafe(asked.set)

            signal.signal(number, ask)
            loop.call_soon(_stay_awake, loop, asked)
    return asked


def _stay_awake(loop: asyncio.AbstractEventLoop, asked: asyncio.Event) -> None:
    if not asked.is_set():
        loop.call_later(LOOK_EVERY_S, _stay_awake, loop, asked)
