"""`python -m local.host --port N --app DIR --data DIR --settings FILE`: serve one Functions app."""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TextIO

from local.ending import asked_to_end
from local.host import host_json, logs, settings
from local.host.engine import stop_threads
from local.host.failures import IndexFailed
from local.host.host import Options, build


def main() -> int:
    """0 after a stop that was asked for, 1 for an app that cannot be served."""
    given = _arguments()
    said, sys.stdout = sys.stdout, sys.stderr  # what the app prints is not for the supervisor
    app_dir = given.app.resolve()
    try:
        settings.fill_environment(given.settings)
        logs.to_stderr(host_json.read(app_dir / "host.json").log_level)
        given.data.mkdir(parents=True, exist_ok=True)
        options = Options(given.port, app_dir, given.data.resolve(), given.keys == "on")
        late = asyncio.run(_serve(options, said))
    except (IndexFailed, OSError) as error:
        print(f"The app in {app_dir} cannot be served.\n{error}", file=sys.stderr, flush=True)
        return 1
    stop_threads()
    if late:
        logs.warn("stopped while functions still ran", functions=late)
        sys.stderr.flush()
        os._exit(0)  # a thread that does not end would hold the process for ever
    return 0


async def _serve(options: Options, said: TextIO) -> int:
    asked = asked_to_end()
    host = await build(options)
    url = await host.start(options.port)
    ready = {"url": url, "functions": str(host.function_count)}
    print(f"ready {json.dumps(ready)}", file=said, flush=True)
    await asked.wait()
    late = await host.stop()
    logs.say("stopped", late=late)
    return late


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.host", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--app", type=Path, required=True, help="the folder of function_app.py")
    parser.add_argument(
        "--data", type=Path, required=True, help="where the host keeps its own data"
    )
    parser.add_argument("--settings", type=Path, required=True, help="a local.settings.json")
    parser.add_argument("--keys", choices=("on", "off"), default="on", help="off: any caller")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
