"""What signers do behind their link: look, agree, sign, decline, take a copy."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.esignature.domain import signing as rules
from functions.esignature.domain.envelope import Envelope, EnvelopeStatus
from functions.esignature.domain.link import Mint, SigningLink
from functions.esignature.domain.occurrence import Origin
from functions.esignature.domain.refusals import LinkUnknown
from functions.esignature.domain.signer import Signer
from functions.esignature.models.signing import GiveConsent, Sign, SigningView
from functions.esignature.service.marks import Marks, marks_of
from functions.esignature.service.ports import Envelopes, Papers
from functions.esignature.service.requesting import requests
from functions.esignature.service.showing import Gate, Showing, version_of
from functions.esignature.service.signing_view import view_of
from shared.contracts import Told
from shared.contracts.esignature import EnvelopeDeclined, SealEnvelope
from shared.errors import Missing
from shared.platform.clock import Clock
from shared.records.document import Stored
from shared.records.rereading import until_fresh
from shared.telemetry.scope import Actor, acting_as


@dataclass(frozen=True)
class Step:
    """What becomes of the envelope; the same envelope means that nothing is to be saved."""

    envelope: Envelope
    action: str
    told: Sequence[Told] = ()


Decide = Callable[[Envelope, Signer, datetime], Awaitable[Step]]


class SigningService:
    """Every method takes the token of a link first, and raises what `holder` raises for it."""

    def __init__(
        self, envelopes: Envelopes, papers: Papers, mint: Mint, link_prefix: str, now: Clock
    ) -> None:
        self._envelopes = envelopes
        self._papers = papers
        self._showing = Showing(papers, Gate())
        self._mint = mint
        self._link_prefix = link_prefix
        self._now = now

    async def look(self, token: str, origin: Origin) -> SigningView:
        """How things stand; the first look is noted down."""

        async def decide(envelope: Envelope, signer: Signer, at: datetime) -> Step:
            return Step(rules.viewed(envelope, signer, at, origin), "open signing link")

        return await self._changed(token, decide)

    async def consent(self, token: str, wish: GiveConsent, origin: Origin) -> SigningView:
        """Raises AlreadySigned, NotYourTurn or ConsentOutdated."""

        async def decide(envelope: Envelope, signer: Signer, at: datetime) -> Step:
            agreed = rules.consented(envelope, signer, wish.version, at, origin)
            return Step(agreed, "agree to sign electronically")

        return await self._changed(token, decide)

    async def sign(self, token: str, wish: Sign, origin: Origin) -> SigningView:
        """Raises AlreadySigned, NotYourTurn, ConsentMissing, RequiredFieldsMissing,
        ValuesDoNotFit or SignatureNotUsable.
        """
        marks: Marks | None = None

        async def decide(envelope: Envelope, signer: Signer, at: datetime) -> Step:
            nonlocal marks
            rules.must_be_ready_to_sign(signer)
            first_time = marks is None
            marks = marks or await marks_of(wish)
            initials = marks.initials.mark if marks.initials else None
            given = rules.SignatureGiven(marks.signature.mark, initials, wish.values)
            signed = rules.signed(envelope, signer, given, at, origin)
            if first_time:
                for png in marks.drawings:
                    await self._papers.keep_drawing(envelope, png)
            return self._passed_on(signed, at)

        return await self._changed(token, decide)

    async def decline(self, token: str, reason: str, origin: Origin) -> SigningView:
        """Raises AlreadySigned or NotYourTurn."""

        async def decide(envelope: Envelope, signer: Signer, at: datetime) -> Step:
            declined = rules.declined(envelope, signer, reason, at, origin)
            told = EnvelopeDeclined(
                tenant_id=envelope.tenant_id,
                at=at,
                envelope_id=envelope.id,
                title=envelope.title,
                created_by=envelope.created_by,
                signer_name=signer.name,
                reason=reason,
                others=[each.recipient for each in rules.told_of_the_end(envelope, signer.id)],
            )
            return Step(declined, "decline to sign", [told])

        return await self._changed(token, decide)

    async def version(self, token: str) -> tuple[Envelope, str]:
        """The envelope behind a link, and the version of the PDF that its signer sees."""
        stored, _ = await self._held(SigningLink.parsed(token), self._now())
        return stored.document, version_of(stored.document)

    async def picture(self, envelope: Envelope, number: int, width_px: int) -> bytes:
        """A page as PNG. Raises PageNotFound, or Unavailable where too many are being drawn."""
        return await self._showing.picture(envelope, number, width_px)

    async def paper(self, envelope: Envelope) -> bytes:
        """The PDF as its signers see it."""
        return await self._showing.paper(envelope)

    def _passed_on(self, signed: Envelope, at: datetime) -> Step:
        """To whoever is next, or to the sealing."""
        if signed.status is EnvelopeStatus.SEALING:
            job = SealEnvelope(tenant_id=signed.tenant_id, at=at, envelope_id=signed.id)
            return Step(signed, "sign", [job])
        passed_on, links = signed.calling_the_next(at, self._mint)
        return Step(passed_on, "sign", requests(passed_on, links, self._link_prefix, at))

    async def _changed(self, token: str, decide: Decide) -> SigningView:
        """Signers who act at the same moment meet at one document; the later reads it again."""
        link = SigningLink.parsed(token)

        async def attempt() -> SigningView:
            at = self._now()
            stored, signer = await self._held(link, at)
            step = await decide(stored.document, signer, at)
            envelope = await self._saved(stored, step, signer)
            return view_of(envelope, envelope.signer(signer.id), at)

        return await until_fresh(attempt)

    async def _saved(self, stored: Stored[Envelope], step: Step, signer: Signer) -> Envelope:
        if step.envelope is stored.document:
            return step.envelope
        with acting_as(Actor("signer", signer.id)):
            now = stored.now(step.envelope)
            return (await self._envelopes.save(now, step.action, *step.told)).document

    async def _held(self, link: SigningLink, at: datetime) -> tuple[Stored[Envelope], Signer]:
        try:
            stored = await self._envelopes.get(link.tenant_id, link.envelope_id)
        except Missing as error:
            raise LinkUnknown("This is not a signing link that was sent to you.") from error
        return stored, rules.holder(stored.document, link, at)
