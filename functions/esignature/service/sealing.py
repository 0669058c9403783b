"""The sealing of an envelope that everybody has signed, and what is handed out of it afterwards."""

import asyncio
from datetime import datetime
from hashlib import sha256

from functions.esignature.domain.envelope import Envelope, EnvelopeStatus, Sealed
from functions.esignature.domain.refusals import EnvelopeNotSealed
from functions.esignature.models.evidence import EvidenceView
from functions.esignature.service.evidence import evidence_of
from functions.esignature.service.evidence_pdf import drawn
from functions.esignature.service.paper import Work
from functions.esignature.service.paper import sealed as made_of
from functions.esignature.service.ports import (
    SEALED_PDF,
    Envelopes,
    Papers,
    ProvideAuthority,
    ProvideTimestamper,
)
from shared.contracts.esignature import EnvelopeCompleted, SealEnvelope
from shared.errors import Unavailable
from shared.pades.errors import TimestampUnavailable
from shared.platform.clock import Clock

EVIDENCE_PDF, EVIDENCE_JSON = "evidence.pdf", "evidence.json"
PDF, JSON = "application/pdf", "application/json"


class SealingService:
    """Makes each file once: what a run before left behind is taken over, never made again."""

    def __init__(
        self,
        envelopes: Envelopes,
        papers: Papers,
        authority: ProvideAuthority,
        timestamper: ProvideTimestamper,
        now: Clock,
    ) -> None:
        self._envelopes = envelopes
        self._papers = papers
        self._authority = authority
        self._timestamper = timestamper
        self._now = now

    async def seal(self, job: SealEnvelope) -> None:
        """Safe to repeat, and for two at once: the first PDF that is kept is the sealed one.

        Raises Unavailable without a timestamp: nothing was kept, and the job is to be tried again.
        """
        stored = await self._envelopes.get(job.tenant_id, job.envelope_id)
        envelope = stored.document
        if envelope.status is not EnvelopeStatus.SEALING:
            return
        pdf = await self._papers.found(envelope, SEALED_PDF)
        if pdf is None:
            made = await self._signed(envelope)
            pdf = await self._papers.keep(envelope, SEALED_PDF, made, PDF)
        facts = Sealed(
            path=self._papers.path(envelope, SEALED_PDF),
            sha256=sha256(pdf).hexdigest(),
            size_bytes=len(pdf),
            evidence_sha256=await self._keep_evidence(envelope, sha256(pdf).hexdigest()),
        )
        at = self._now()
        completed = envelope.completed(at, facts)
        told = _told(completed, facts, at)
        await self._envelopes.save(stored.now(completed), "complete envelope", told)

    async def evidence(self, envelope: Envelope) -> EvidenceView:
        """As things stand. Raises Missing."""
        trail = await self._envelopes.trail(envelope.tenant_id, envelope.id)
        return evidence_of(envelope, trail, self._now())

    async def evidence_pdf(self, envelope: Envelope) -> bytes:
        """The one made at the sealing; before that, one of how things stand. Raises Missing."""
        if envelope.sealed is None:
            return await asyncio.to_thread(drawn, await self.evidence(envelope))
        return await self._papers.read(envelope, EVIDENCE_PDF, envelope.sealed.evidence_sha256)

    async def sealed(self, envelope: Envelope) -> bytes:
        """The sealed PDF. Raises Missing or EnvelopeNotSealed."""
        if envelope.sealed is None:
            raise EnvelopeNotSealed(
                f"The envelope is {envelope.status}.", envelope_status=envelope.status
            )
        return await self._papers.read(envelope, SEALED_PDF, envelope.sealed.sha256)

    async def authority_pem(self) -> bytes:
        """The certificate that everything we sign leads to."""
        return (await self._authority()).certificate_pem()

    async def _signed(self, envelope: Envelope) -> bytes:
        timestamper = self._timestamper()
        original = await self._papers.original(envelope)
        marks = [mark for each in envelope.signers for mark in (each.signature, each.initials)]
        named = {mark.sha256 for mark in marks if mark is not None and mark.sha256 is not None}
        drawings = {name: await self._papers.drawing(envelope, name) for name in named}
        work = Work(envelope, original, drawings)
        authority = await self._authority()
        try:
            return await asyncio.to_thread(made_of, work, authority, timestamper, self._now())
        except TimestampUnavailable as error:
            raise Unavailable(f"The timestamp authority does not answer: {error}") from error

    async def _keep_evidence(self, envelope: Envelope, sealed_sha256: str) -> str:
        """The SHA-256 of the evidence PDF."""
        trail = await self._envelopes.trail(envelope.tenant_id, envelope.id)
        evidence = evidence_of(envelope, trail, self._now(), sealed_sha256)
        written = evidence.model_dump_json(indent=2).encode()
        kept = await self._papers.keep(envelope, EVIDENCE_JSON, written, JSON)
        same = EvidenceView.model_validate_json(kept)
        pdf = await asyncio.to_thread(drawn, same)
        return sha256(await self._papers.keep(envelope, EVIDENCE_PDF, pdf, PDF)).hexdigest()


def _told(envelope: Envelope, sealed: Sealed, at: datetime) -> EnvelopeCompleted:
    return EnvelopeCompleted(
        tenant_id=envelope.tenant_id,
        at=at,
        envelope_id=envelope.id,
        title=envelope.title,
        document_id=envelope.document_id,
        document_version=envelope.document_version,
        sealed_path=sealed.path,
        sha256=sealed.sha256,
        size_bytes=sealed.size_bytes,
        created_by=envelope.created_by,
        signers=[each.recipient for each in envelope.signers],
    )
