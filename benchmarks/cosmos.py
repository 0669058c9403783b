"""What the local Cosmos DB costs: a scan inside it, and a point read beside a bare server.

`python -m benchmarks.cosmos [rounds]`: the echo and the emulator are asked in turns over one raw
connection each, with the same request and the same answer; it ends by itself.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import psutil

from local import process
from local.cosmos.authorization import EMULATOR_KEY
from local.cosmos.call import Call, Reply
from local.cosmos.gateway import Gateway
from local.cosmos.key import decoded_key
from local.cosmos.store import Store

DOCUMENTS, A_ROUND, WARM_UP = 10_000, 400, 600
LINK = "dbs/d/colls/c"
IN_A = {"x-ms-documentdb-partitionkey": '["a"]'}
QUERY = {**IN_A, "x-ms-documentdb-isquery": "true", "x-ms-max-item-count": "1000"}
TARGET_SCAN_MS, TARGET_RATIO = 10.0, 1.2

ECHO = """
import asyncio, os, sys
from aiohttp import web
BODY = bytes.fromhex(os.environ["BODY"])
async def answer(request):
    return web.Response(body=BODY, content_type="application/json")
async def main():
    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print('ready {"url": "http://127.0.0.1:%d"}' % runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""

SCANS = {
    "filter that SQLite checks": "SELECT * FROM c WHERE c.part = 3",
    "two of them": "SELECT * FROM c WHERE c.part = 3 AND c.n < 5000",
    "filter that only we can check": "SELECT * FROM c WHERE c.n % 100 = 3",
    "count of all": "SELECT VALUE COUNT(1) FROM c",
}


def document(number: int) -> dict[str, Any]:
    return {
        "id": f"i{number:05}",
        "pk": "a",
        "kind": "Trip",
        "n": number,
        "part": number % 100,
        "tags": ["even" if number % 2 == 0 else "odd"],
        "nested": {"name": f"name {number}", "at": [4.0, 52.0]},
        "text": "x" * 220,
    }


def signed(method: str, kind: str, link: str) -> dict[str, str]:
    """The headers that prove the account key."""
    date = formatdate(usegmt=True)
    payload = f"{method.lower()}\n{kind}\n{link}\n{date.lower()}\n\n".encode()
    digest = hmac.new(base64.b64decode(EMULATOR_KEY), payload, hashlib.sha256).digest()
    signature = base64.b64encode(digest).decode()
    authorization = quote(f"type=master&ver=1.0&sig={signature}", safe="")
    return {"authorization": authorization, "x-ms-date": date, "x-ms-version": "2020-07-15"}


class Inside:
    """The emulator without HTTP, filled."""

    def __init__(self) -> None:
        self.store = Store(None)
        self.gateway = Gateway(self.store, decoded_key(EMULATOR_KEY))
        self._post("dbs", "", {"id": "d"})
        self._post("colls", "dbs/d", {"id": "c", "partitionKey": {"paths": ["/pk"]}})
        for start in range(0, DOCUMENTS, 100):
            batch = [
                {"operationType": "Create", "resourceBody": document(number)}
                for number in range(start, start + 100)
            ]
            headers = {**IN_A, "x-ms-cosmos-is-batch-request": "True"}
            self._post("docs", LINK, batch, **headers)

    def query(self, text: str) -> Reply:
        return self._post("docs", LINK, {"query": text}, **QUERY)

    def _post(self, kind: str, link: str, body: Any, **headers: str) -> Reply:
        segments = (*filter(None, link.split("/")), kind)
        signature = signed("POST", kind, link)
        call = Call("POST", segments, {**signature, **headers}, orjson.dumps(body))
        reply = self.gateway.answer(call)
        assert reply.status < 300, reply.body
        return reply


def timed_ms(run: Callable[[], object], times: int = 15) -> tuple[float, float]:
    """Medians: of this thread's CPU time, and of the time on the clock, which others share."""
    spent, passed = [], []
    for _ in range(times):
        cpu, clock = time.thread_time(), time.perf_counter()
        run()
        spent.append((time.thread_time() - cpu) * 1000)
        passed.append((time.perf_counter() - clock) * 1000)
    return statistics.median(spent), statistics.median(passed)


def scans() -> None:
    inside = Inside()
    print(f"{DOCUMENTS} documents in one partition, signature to answer, without HTTP:")
    for title, text in SCANS.items():
        found = inside.query(text).body
        spent, passed = timed_ms(lambda text=text: inside.query(text))  # type: ignore[misc]  # bound here
        rows = found["_count"]
        print(f"  {title:31} {spent:5.1f} ms of CPU, {passed:5.1f} on the clock, {rows} rows")
    print(f"  (target: {TARGET_SCAN_MS:.0f} ms with a filter)")
    inside.store.close()


@dataclass
class Asked:
    """One server under a raw client, and how long each request to it took."""

    title: str
    server: process.Process
    request: bytes
    spent_us: list[float] = field(default_factory=list)
    cpu_us: float = 0.0

    def __post_init__(self) -> None:
        port = int(self.server.ready["url"].rsplit(":", 1)[1])
        self._connection = socket.create_connection(("127.0.0.1", port))
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._process = psutil.Process(self.server.popen.pid)

    def ask(self, times: int, *, count: bool = True) -> None:
        before = sum(self._process.cpu_times()[:2])
        for _ in range(times):
            began = time.perf_counter()
            body = self.once()
            if count:
                self.spent_us.append((time.perf_counter() - began) * 1_000_000)
            assert body.endswith(b"}"), body
        if count:
            self.cpu_us += (sum(self._process.cpu_times()[:2]) - before) * 1_000_000

    def once(self) -> bytes:
        """The body of one answer."""
        self._connection.sendall(self.request)
        received = self._connection.recv(65_536)
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self._connection.recv(65_536)
        return body

    def close(self) -> None:
        self._connection.close()
        self.server.stop()


def point_reads(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        emulator = process.start(
            "cosmos", process.python_part("local.cosmos", "--port", "0"), log=log
        )
        url = emulator.ready["url"]
        asyncio.run(_fill(url))
        request = _request("GET", "docs", f"{LINK}/docs/i00001")
        ours = Asked("point read", emulator, request)
        body = ours.once()
        env = {**os.environ, "BODY": body.hex()}
        echo = process.start("echo", [sys.executable, "-c", ECHO], log=log, env=env)
        theirs = Asked("bare aiohttp echo", echo, request)
        try:
            _in_turns(ours, theirs, rounds)
        finally:
            ours.close()
            theirs.close()
    _report(ours, theirs, len(body))


def _in_turns(ours: Asked, theirs: Asked, rounds: int) -> None:
    for each in (ours, theirs):
        each.ask(WARM_UP, count=False)
    for _ in range(rounds):
        for each in (ours, theirs):
            each.ask(A_ROUND)


def _report(ours: Asked, theirs: Asked, size: int) -> None:
    print(f"answers of {size} bytes, one raw connection each, in turns:")
    for each in (theirs, ours):
        median = statistics.median(each.spent_us)
        cpu = each.cpu_us / len(each.spent_us)
        print(f"  {each.title:20} {median:7.1f} us (median), {cpu:6.1f} us of the server's CPU")
    ratio = statistics.median(ours.spent_us) / statistics.median(theirs.spent_us)
    print(f"  ratio {ratio:.2f} (target {TARGET_RATIO}), of CPU {ours.cpu_us / theirs.cpu_us:.2f}")


def _request(method: str, kind: str, link: str) -> bytes:
    headers = {
        "Host": "127.0.0.1",
        **signed(method, kind, link),
        **IN_A,
        "x-ms-session-token": "0:-1#1",
        "x-ms-consistency-level": "Session",
        "Accept": "application/json",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} /{link}/ HTTP/1.1\r\n{lines}\r\n".encode()


async def _fill(url: str) -> None:
    from azure.cosmos import PartitionKey
    from azure.cosmos.aio import CosmosClient

    async with CosmosClient(url, EMULATOR_KEY) as client:
        database = await client.create_database("d")
        container = await database.create_container("c", PartitionKey("/pk"))
        await container.create_item({**document(1), "text": "x" * 600})


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    print(json.dumps({"load": os.getloadavg()[0]}))
    scans()
    point_reads(rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
