"""What the local Functions host costs beside Starlette on uvicorn, on this machine, in one run.

`python -m benchmarks.host_overhead [seconds]`: every server answers the same request over the same
16 connections, in turns and for a few seconds each; the best turn counts. It ends by itself, with 1
when the host answers fewer than 0.7 of what plain Starlette on uvicorn does.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from local import process

CONNECTIONS = 16
ROUTES = 150
TURNS = 3
PLAIN = "Starlette on uvicorn"  # as `pip install starlette uvicorn` leaves it
WANTED = 0.7

AIOHTTP = """
import asyncio
from aiohttp import web
async def answer(request):
    return web.Response(body=b"pong")
async def main():
    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print('ready {"url": "http://127.0.0.1:%d"}' % runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""

STARLETTE = """
import asyncio, socket, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
async def answer(request):
    return Response("pong")
app = Starlette(routes=[Route("/", answer)])
# Only a socket that says that it is TCP is given TCP_NODELAY by asyncio.
listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listening.bind(("127.0.0.1", 0))
listening.listen(128)
print('ready {{"url": "http://127.0.0.1:%d"}}' % listening.getsockname()[1], flush=True)
config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", http="{http}")
asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))
"""

APP = """
import azure.functions as func
app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
@app.route(route="async", methods=["GET"])
async def answer(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("pong")
@app.route(route="sync", methods=["GET"])
def answer_in_thread(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("pong")
"""

ROUTE = """
@app.route(route="v1/group{group}/{{id}}/act{n}", methods=["GET"])
async def many_{n}(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("pong")
"""


@dataclass(frozen=True)
class Measured:
    """Requests per second, and the time that half and 99 of 100 took at most."""

    per_s: float
    median_ms: float
    p99_ms: float


async def measure(url: str, path: str, seconds: float) -> Measured:
    """Ask again and again over a fixed number of connections."""
    port = int(url.rsplit(":", 1)[1])
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode()
    ends = time.perf_counter() + seconds
    results = await asyncio.gather(*(_ask(port, request, ends) for _ in range(CONNECTIONS)))
    times = sorted(each for result in results for each in result)
    return Measured(
        len(times) / seconds,
        times[len(times) // 2] * 1000,
        times[len(times) * 99 // 100] * 1000,
    )


async def _ask(port: int, request: bytes, ends: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = []
    while (began := time.perf_counter()) < ends:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        await reader.readexactly(4)
        times.append(time.perf_counter() - began)
    writer.close()
    return times


def started(name: str, command: Sequence[str], folder: Path) -> tuple[process.Process, float]:
    """A server, and how many milliseconds it took until it was ready."""
    began = time.perf_counter()
    server = process.start(name, command, log=folder / f"{name}.log")
    return server, (time.perf_counter() - began) * 1000


def host_command(folder: Path, routes: int) -> list[str]:
    """The host on an app of two functions and `routes` more."""
    app = folder / f"app-{routes}"
    app.mkdir()
    more = "".join(ROUTE.format(group=n % 12, n=n) for n in range(routes))
    (app / "function_app.py").write_text(APP + more, encoding="utf-8")
    (app / "host.json").write_text('{"version": "2.0"}', encoding="utf-8")
    settings = folder / "settings.json"
    settings.write_text(json.dumps({"Values": {}}), encoding="utf-8")
    places = ("--app", str(app), "--data", str(folder / "data"), "--settings", str(settings))
    return process.python_part("local.host", "--port", "0", *places)


@dataclass(frozen=True)
class Contestant:
    """A running server and what to ask of it."""

    name: str
    server: process.Process
    path: str = "/"


def contest(contestants: Sequence[Contestant], seconds: float) -> dict[str, Measured]:
    """The best turn of each."""
    best: dict[str, Measured] = {}
    for _ in range(TURNS):
        for each in contestants:
            url = each.server.ready["url"].rstrip("/")
            found = asyncio.run(measure(url, each.path, seconds / TURNS))
            if each.name not in best or best[each.name].per_s < found.per_s:
                best[each.name] = found
    return best


def servers(folder: Path, stack: ExitStack) -> Iterator[Contestant]:
    """All of them; `stack` ends them."""
    bare = {
        "aiohttp, bare": AIOHTTP,
        PLAIN: STARLETTE.format(http="h11"),
        "Starlette on uvicorn with httptools": STARLETTE.format(http="httptools"),
    }
    for name, code in bare.items():
        if "httptools" in name and find_spec("httptools") is None:
            print("httptools is not installed: no comparison with it")
            continue
        server, _ = started(name.split(",")[0], [sys.executable, "-c", code], folder)
        stack.callback(server.stop)
        yield Contestant(name, server)
    for routes in (0, ROUTES):
        server, ready_ms = started(f"host-{routes}", host_command(folder, routes), folder)
        stack.callback(server.stop)
        print(f"host with {routes + 2} functions was ready after {ready_ms:.0f} ms")
        yield Contestant(f"host, async, {routes + 2} functions", server, "/api/async")
        if routes:
            last = f"/api/v1/group{(ROUTES - 1) % 12}/x/act{ROUTES - 1}"
            yield Contestant(f"host, async, last of {routes + 2} routes", server, last)
        else:
            yield Contestant("host, sync (in a thread)", server, "/api/sync")


def main() -> int:
    """One line per server and path, with its ratio to Starlette."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    with tempfile.TemporaryDirectory() as text, ExitStack() as stack:
        best = contest(list(servers(Path(text), stack)), seconds)
    plain = best[PLAIN].per_s
    print(f"{'':<38}{'requests':>11}{'median':>12}{'99 %':>12}{'of Starlette':>14}")
    for name, found in best.items():
        print(
            f"{name:<38}{found.per_s:>9.0f}/s{found.median_ms:>9.2f} ms"
            f"{found.p99_ms:>9.2f} ms{found.per_s / plain:>14.2f}"
        )
    slowest = min(found.per_s for name, found in best.items() if name.startswith("host, async"))
    return 0 if slowest >= WANTED * plain else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (process.PartFailed, subprocess.SubprocessError) as error:
        sys.exit(str(error))
