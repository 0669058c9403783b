"""PDFs, drawings and evidence in Blob Storage, each written once and checked when read."""

from hashlib import sha256

from functions.esignature.domain.envelope import Envelope
from functions.esignature.domain.refusals import (
    ContentAltered,
    DocumentNotFound,
    NotAPdf,
    PdfNotSignable,
)
from shared.contracts.documents import content_path
from shared.errors import Missing
from shared.files.blobs import BlobExists, Blobs

PDF = "application/pdf"
LARGEST_PDF = 25 * 1024 * 1024
LARGEST_KEPT = 96 * 1024 * 1024  # a sealed PDF: the original, and some 50 KB for each signature


class BlobPapers:
    """`content` is where accepted documents lie, `kept` is our own container."""

    def __init__(self, content: Blobs, kept: Blobs) -> None:
        self._content = content
        self._kept = kept

    async def accepted(self, tenant_id: str, document_id: str, version: int) -> bytes:
        path = content_path(tenant_id, document_id, version)
        try:
            facts = await self._content.facts(path)
        except Missing as error:
            raise DocumentNotFound("There is no such version of this document.") from error
        if facts.media_type != PDF:
            raise NotAPdf(f"Only PDF documents can be signed; this is {facts.media_type}.")
        if facts.size_bytes > LARGEST_PDF:
            raise PdfNotSignable(f"The PDF has more than {LARGEST_PDF} bytes.")
        pdf = await self._content.read(path, LARGEST_PDF)
        return _unaltered(pdf, facts.metadata.get("sha256"))

    async def keep_original(self, tenant_id: str, envelope_id: str, pdf: bytes) -> None:
        path = f"{tenant_id}/{envelope_id}/original.pdf"
        await self._kept.put(path, pdf, media_type=PDF, metadata=_hash(pdf), overwrite=True)

    async def keep_drawing(self, envelope: Envelope, png: bytes) -> None:
        """Under its own hash, so that writing it again changes nothing."""
        path = self.path(envelope, f"drawings/{sha256(png).hexdigest()}.png")
        await self._kept.put(path, png, media_type="image/png", overwrite=True)

    async def drawing(self, envelope: Envelope, sha256: str) -> bytes:
        return await self.read(envelope, f"drawings/{sha256}.png", sha256)

    async def original(self, envelope: Envelope) -> bytes:
        return await self.read(envelope, "original.pdf", envelope.sha256)

    async def read(self, envelope: Envelope, name: str, sha256: str) -> bytes:
        return _unaltered(await self._kept.read(self.path(envelope, name), LARGEST_KEPT), sha256)

    def path(self, envelope: Envelope, name: str) -> str:
        return f"{envelope.tenant_id}/{envelope.id}/{name}"

    async def found(self, envelope: Envelope, name: str) -> bytes | None:
        path = self.path(envelope, name)
        try:
            facts = await self._kept.facts(path)
        except Missing:
            return None
        return _unaltered(await self._kept.read(path, LARGEST_KEPT), facts.metadata.get("sha256"))

    async def keep(self, envelope: Envelope, name: str, content: bytes, media_type: str) -> bytes:
        path = self.path(envelope, name)
        try:
            await self._kept.put(path, content, media_type=media_type, metadata=_hash(content))
        except BlobExists:
            there_first = await self.found(envelope, name)
            return content if there_first is None else there_first
        return content


def _hash(content: bytes) -> dict[str, str]:
    return {"sha256": sha256(content).hexdigest()}


def _unaltered(content: bytes, expected: str | None) -> bytes:
    """Raises ContentAltered."""
    if expected != sha256(content).hexdigest():
        raise ContentAltered("The content is not what it was when it was accepted.")
    return content
