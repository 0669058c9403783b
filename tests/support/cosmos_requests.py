"""Requests to Cosmos DB, counted where the SDK hands them to the network."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from shared.platform import clients


@dataclass
class Requests:
    """`asked` is what requests of the app cost; `followed` are looks at the change feed, which each
    instance takes every few seconds, whoever asks."""

    asked: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)

    def forget(self) -> None:
        self.asked.clear()
        self.followed.clear()


@contextmanager
def requests_to_cosmos() -> Generator[Requests]:
    """Repetitions by the SDK count as well."""
    client: Any = clients._cosmos()
    transport = client.client_connection.pipeline_client._pipeline._transport
    seen, send = Requests(), transport.send

    async def counted(request: Any, **options: Any) -> Any:
        follows = "A-IM" in request.headers
        kept = seen.followed if follows else seen.asked
        kept.append(f"{request.method} {urlsplit(request.url).path}")
        return await send(request, **options)

    transport.send = counted
    try:
        yield seen
    finally:
        del transport.send
