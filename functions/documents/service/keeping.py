"""Puts checked bytes where a version's content belongs, once and for all."""

from functions.documents.service.ports import Bytes
from functions.documents.service.receiving import Received
from shared.errors import Conflict

SOURCE = "source"
SHA256 = "sha256"
UPLOAD = "upload"
ENVELOPE = "envelope"


async def keep(
    contents: Bytes, path: str, received: Received, media_type: str, source: str
) -> None:
    """Safe to repeat with the same bytes. Raises Conflict where other bytes lie.

    What lies there is never replaced, since another attempt may be about to tell of it. One thing
    is out of the way: a sealed PDF below a number that an upload has. Its own attempt to become
    that version can only fail, and has taken or will take the next number.
    """
    digest = received.content.sha256
    cleared = False
    while True:
        try:
            await contents.put(
                path,
                received.chunks(),
                media_type=media_type,
                metadata={SHA256: digest, SOURCE: source},
            )
        except Conflict:
            there = await contents.facts(path)
            if there.metadata.get(SHA256) == digest:
                return
            if cleared or source != UPLOAD or there.metadata.get(SOURCE) != ENVELOPE:
                raise
            await contents.delete(path, only=there.etag)
            cleared = True
        else:
            return
