"""Takes a stream to a temporary file, counting and hashing it: memory stays small, and the bytes
that were checked are the bytes that are kept, whatever becomes of their source meanwhile.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, cast

from functions.documents.domain.documents import MAX_BYTES, Content
from shared.errors import TooLarge

IN_MEMORY_BYTES = 1024 * 1024
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Received:
    """The bytes, and what is known of them."""

    file: BinaryIO
    content: Content

    async def chunks(self) -> AsyncIterator[bytes]:
        await asyncio.to_thread(self.file.seek, 0)
        while chunk := await asyncio.to_thread(self.file.read, CHUNK_BYTES):
            yield chunk


@asynccontextmanager
async def received(source: AsyncIterable[bytes]) -> AsyncIterator[Received]:
    """Raises TooLarge once there are more than MAX_BYTES, and whatever the source raises."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as spooled:
        file = cast(BinaryIO, spooled)
        digest, size_bytes = sha256(), 0
        async for chunk in source:
            size_bytes += len(chunk)
            if size_bytes > MAX_BYTES:
                raise TooLarge(f"A document has at most {MAX_BYTES} bytes.", max_bytes=MAX_BYTES)
            await asyncio.to_thread(digest.update, chunk)
            await asyncio.to_thread(file.write, chunk)
        yield Received(file, Content(size_bytes=size_bytes, sha256=digest.hexdigest()))
