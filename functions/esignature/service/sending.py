"""What senders do: make envelopes, send them, withdraw them, give a new link."""

import asyncio
from datetime import datetime
from hashlib import sha256

from functions.esignature.domain.envelope import Envelope
from functions.esignature.domain.layout import Layout, PageSize, SigningField
from functions.esignature.domain.link import Mint
from functions.esignature.domain.occurrence import Occurrence, What
from functions.esignature.domain.signer import Signer
from functions.esignature.domain.signing import told_of_the_end
from functions.esignature.models.sending import CreateEnvelope, NewSigner
from functions.esignature.service.admission import pages_of, rehearse
from functions.esignature.service.ports import Envelopes, Papers, Tenants
from functions.esignature.service.requesting import requests
from shared.contracts.esignature import EnvelopeVoided
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Stored


class SendingService:
    """`link_prefix` is the address of the signing page, to which tokens are appended."""

    def __init__(
        self,
        envelopes: Envelopes,
        papers: Papers,
        tenants: Tenants,
        mint: Mint,
        link_prefix: str,
        now: Clock,
    ) -> None:
        self._envelopes = envelopes
        self._papers = papers
        self._tenants = tenants
        self._mint = mint
        self._link_prefix = link_prefix
        self._now = now

    async def create(self, caller: Caller, wish: CreateEnvelope) -> Stored[Envelope]:
        """A draft, with its own copy of the document, which may be deleted elsewhere meanwhile.

        Raises DocumentNotFound, NotAPdf, PdfEncrypted, PdfNotSignable, ContentAltered,
        FieldsDoNotFit or SignerNotCertifiable.
        """
        pdf = await self._papers.accepted(
            caller.tenant_id, str(wish.document_id), wish.document_version
        )
        pages = await asyncio.to_thread(pages_of, pdf)
        envelope = _drafted(caller, wish, pdf, pages, self._now())
        envelope.layout.must_fit([signer.id for signer in envelope.signers])
        await asyncio.to_thread(
            rehearse, pdf, envelope.layout, envelope.signers, envelope.created_at
        )
        await self._papers.keep_original(envelope.tenant_id, envelope.id, pdf)
        return await self._envelopes.save(Stored(envelope), "create envelope")

    async def send(
        self, caller: Caller, envelope_id: str, if_match: str | None
    ) -> Stored[Envelope]:
        """Raises Missing, Stale or EnvelopeNotDraft."""
        stored = await self._found(caller, envelope_id, if_match)
        now = self._now()
        envelope, links = stored.document.sent(now, self._mint)
        await self._tenants.note(caller.tenant_id)
        told = requests(envelope, links, self._link_prefix, now)
        return await self._envelopes.save(stored.now(envelope), "send envelope", *told)

    async def void(
        self, caller: Caller, envelope_id: str, reason: str, if_match: str | None
    ) -> Stored[Envelope]:
        """Raises Missing, Stale or EnvelopeNotOpen."""
        stored = await self._found(caller, envelope_id, if_match)
        now = self._now()
        envelope = stored.document.voided(now, reason)
        told = EnvelopeVoided(
            tenant_id=envelope.tenant_id,
            at=now,
            envelope_id=envelope.id,
            title=envelope.title,
            reason=reason,
            signers=[each.recipient for each in told_of_the_end(envelope)],
        )
        return await self._envelopes.save(stored.now(envelope), "void envelope", told)

    async def resend(
        self, caller: Caller, envelope_id: str, signer_id: str, if_match: str | None
    ) -> Stored[Envelope]:
        """Raises Missing, Stale, EnvelopeNotOpen, SignerNotFound or SignerNotDue."""
        stored = await self._found(caller, envelope_id, if_match)
        now = self._now()
        envelope, link = stored.document.link_replaced(signer_id, now, self._mint)
        told = requests(envelope, [link], self._link_prefix, now)
        return await self._envelopes.save(stored.now(envelope), "replace signing link", *told)

    async def _found(
        self, caller: Caller, envelope_id: str, if_match: str | None
    ) -> Stored[Envelope]:
        stored = await self._envelopes.get(caller.tenant_id, envelope_id)
        return stored if if_match is None else stored.matching(if_match)


def _drafted(
    caller: Caller,
    wish: CreateEnvelope,
    pdf: bytes,
    pages: tuple[PageSize, ...],
    at: datetime,
) -> Envelope:
    envelope_id = new_id()
    named = [(new_id(), signer) for signer in wish.signers]
    return Envelope(
        id=envelope_id,
        tenant_id=caller.tenant_id,
        title=wish.title,
        message=wish.message,
        document_id=str(wish.document_id),
        document_version=wish.document_version,
        sha256=sha256(pdf).hexdigest(),
        size_bytes=len(pdf),
        layout=Layout(pages=pages, fields=_fields(named)),
        signers=tuple(_signer(signer_id, signer) for signer_id, signer in named),
        created_by=caller.id,
        sender_name=caller.name,
        created_at=at,
        expires_in_days=wish.expires_in_days,
        latest=Occurrence(what=What.CREATED, at=at),
    )


def _signer(signer_id: str, wish: NewSigner) -> Signer:
    return Signer(id=signer_id, **wish.model_dump(exclude={"fields"}))


def _fields(named: list[tuple[str, NewSigner]]) -> tuple[SigningField, ...]:
    """With ids of our own for those that came without: `f1`, `f2`, … in the order given."""
    wishes = [(signer_id, field) for signer_id, signer in named for field in signer.fields]
    return tuple(
        SigningField(
            id=field.id or f"f{number}",
            signer_id=signer_id,
            **field.model_dump(exclude={"id"}),
        )
        for number, (signer_id, field) in enumerate(wishes, start=1)
    )
