"""Servers to test: our stand-in as a process, and livekit-server where its binary is given."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.process import python_part, start

KEY = "testkey"
SECRET = "a-secret-for-tests-of-32-characters-or-more"
BINARY = "LIVEKIT_SERVER_BINARY"
START_S = 20.0


@dataclass(frozen=True)
class Server:
    url: str


def environment() -> dict[str, str]:
    return {"LIVEKIT_API_KEY": KEY, "LIVEKIT_API_SECRET": SECRET}


@contextmanager
def stand_in(folder: Path, *webhooks: str) -> Iterator[Server]:
    hooks = [part for url in webhooks for part in ("--webhook", url)]
    command = python_part("local.livekit", "--port", "0", "--data", str(folder), *hooks)
    process = start("livekit", command, log=folder / "livekit.log", env=environment())
    try:
        yield Server(process.ready["url"])
    finally:
        process.stop()


@contextmanager
def real_server(folder: Path, *webhooks: str) -> Iterator[Server]:
    """livekit-server on free ports of the loopback."""
    port, tcp, udp = free_ports(3)
    config = folder / "livekit.yaml"
    urls = "".join(f'    - "{url}"\n' for url in webhooks)
    config.write_text(
        f"port: {port}\nbind_addresses: [127.0.0.1]\nkeys:\n  {KEY}: {SECRET}\n"
        f"rtc:\n  tcp_port: {tcp}\n  udp_port: {udp}\n  use_external_ip: false\n"
        "  node_ip: 127.0.0.1\n  enable_loopback_candidate: true\n"
        + (f"webhook:\n  api_key: {KEY}\n  urls:\n{urls}" if urls else ""),
        encoding="utf-8",
    )
    with (folder / "livekit-server.log").open("wb") as log:
        process = subprocess.Popen(
            [os.environ[BINARY], "--config", str(config)], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield Server(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [taken.getsockname()[1] for taken in sockets]
    for taken in sockets:
        taken.close()
    return ports


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Raises TimeoutError when nothing answers there."""
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {url}")
