"""What the use cases of documents need, and what is handed between them."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from functions.documents.domain.documents import Document
from shared.records.document import Documents


class DocumentRecords(Documents[Document], Protocol):
    """Where documents are kept."""

    async def with_uploads_open_since(self, before: datetime) -> list[tuple[str, str]]: ...


class Facts(Protocol):
    """What a blob says of itself."""

    @property
    def size_bytes(self) -> int: ...
    @property
    def metadata(self) -> Mapping[str, str]: ...
    @property
    def etag(self) -> str: ...


class Bytes(Protocol):
    """One blob container. `put` raises a Conflict where there is something already."""

    async def put(
        self,
        path: str,
        content: bytes | AsyncIterable[bytes],
        *,
        media_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> None: ...
    def stream(self, path: str) -> AsyncIterator[bytes]: ...
    async def read(self, path: str, max_bytes: int) -> bytes: ...
    async def facts(self, path: str) -> Facts: ...
    async def delete(self, path: str, *, only: str | None = None) -> None: ...
    async def upload_link(self, path: str, lifetime: timedelta) -> str: ...
    async def download_link(self, path: str, lifetime: timedelta, file_name: str) -> str: ...
