"""What the local Functions host costs beside bare servers, on this machine, in one run.

`python -m benchmarks.host_overhead [seconds]`: every server answers the same request over the same
16 connections for a few seconds, one after the other; it ends by itself.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local import process

CONNECTIONS = 16
ROUTES = 150

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

UVICORN = """
import asyncio, socket, uvicorn
async def app(scope, receive, send):
    headers = [(b"content-length", b"4"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"pong"})
# Only a socket that says that it is TCP is given TCP_NODELAY by asyncio.
listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listening.bind(("127.0.0.1", 0))
listening.listen(128)
print('ready {"url": "http://127.0.0.1:%d"}' % listening.getsockname()[1], flush=True)
config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
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


def report(name: str, server: process.Process, paths: Sequence[str], seconds: float) -> None:
    """Measure one server and end it."""
    try:
        for path in paths:
            found = asyncio.run(measure(server.ready["url"].rstrip("/"), path, seconds))
            print(
                f"{name + ' ' + path:<42}{found.per_s:>9.0f}/s"
                f"{found.median_ms:>9.2f} ms{found.p99_ms:>9.2f} ms"
            )
    finally:
        server.stop()


def main() -> int:
    """One line per server and path."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    print(f"{'':<42}{'requests':>11}{'median':>12}{'99 %':>12}")
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        bare = {"aiohttp": AIOHTTP, "uvicorn": UVICORN}
        for name, code in bare.items():
            server, _ = started(name, [sys.executable, "-c", code], folder)
            report(name, server, ["/"], seconds)
        for routes in (0, ROUTES):
            server, ready_ms = started(f"host-{routes}", host_command(folder, routes), folder)
            paths = ["/api/async", "/api/sync"]
            if routes:
                paths.append(f"/api/v1/group{(ROUTES - 1) % 12}/x/act{ROUTES - 1}")
            print(f"host with {routes + 2} functions was ready after {ready_ms:.0f} ms")
            report("host", server, paths, seconds)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (process.PartFailed, subprocess.SubprocessError) as error:
        sys.exit(str(error))
