"""`python -m local.host --port N --app DIR --data DIR --settings FILE`: serve one Functions app."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import TextIO

from local.ending import asked_to_end
from local.host import serving
from local.host.host import Host, Options
from local.host.http_server import ANSWER_WITHIN_S


def main() -> int:
    """0 after a stop that was asked for, 1 for an app that cannot be served."""
    given = _arguments()
    said, sys.stdout = sys.stdout, sys.stderr  # what the app prints is not for the supervisor
    options = Options(
        given.app.resolve(),
        given.data.resolve(),
        given.settings.resolve(),
        given.keys == "on",
        given.answer_within,
        given.faults,
    )
    if given.reload:
        from local.host.reloading.parent import Parent

        return Parent(options, given.port, said).run()
    try:
        serving.prepare(options)
        late = asyncio.run(serving.serve(options, _Terminal(given.port, said)))
    except serving.REFUSALS as error:
        return serving.refused(options.app_dir, error)
    return serving.end(late)


class _Terminal:
    """Says on stdout that the host is ready and waits for SIGTERM or Ctrl-C."""

    def __init__(self, port: int, said: TextIO) -> None:
        self._port = port
        self._said = said
        self._asked = asyncio.Event()

    async def built(self, host: Host) -> int:
        del host
        self._asked = asked_to_end()
        return self._port

    async def serves(self, url: str, host: Host) -> None:
        ready = {"url": url, "functions": str(host.function_count)}
        print(f"ready {json.dumps(ready)}", file=self._said, flush=True)
        await self._asked.wait()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.host", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--app", type=Path, required=True, help="the folder of function_app.py")
    parser.add_argument(
        "--data", type=Path, required=True, help="where the host keeps its own data"
    )
    parser.add_argument("--settings", type=Path, required=True, help="a local.settings.json")
    parser.add_argument("--keys", choices=("on", "off"), default="on", help="off: any caller")
    parser.add_argument("--reload", action="store_true", help="serve changed code at once")
    parser.add_argument("--faults", type=Path, help="a plan of faults, see local/faults/plan.py")
    parser.add_argument(
        "--answer-within",
        type=float,
        default=ANSWER_WITHIN_S,
        metavar="SECONDS",
        help="how long an HTTP client waits before it is sent away (%(default)s, as in Azure)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
