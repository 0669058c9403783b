"""The envelope: a document, who signs it where, and how far that has come. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime, ConfigDict, Field

from functions.esignature.domain.layout import Layout, PageSize, SigningField
from functions.esignature.domain.link import Mint, SigningLink
from functions.esignature.domain.occurrence import Occurrence, Origin, What
from functions.esignature.domain.refusals import (
    EnvelopeNotDraft,
    EnvelopeNotOpen,
    SignerNotDue,
    SignerNotFound,
)
from functions.esignature.domain.signer import Signer, SignerStatus
from shared.model import Model
from shared.records.document import Document


class EnvelopeStatus(StrEnum):
    """`sealing`: everybody has signed, and the PDF is being made."""

    DRAFT = "draft"
    SENT = "sent"
    SEALING = "sealing"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOIDED = "voided"


ENDED = frozenset(
    {
        EnvelopeStatus.COMPLETED,
        EnvelopeStatus.DECLINED,
        EnvelopeStatus.EXPIRED,
        EnvelopeStatus.VOIDED,
    }
)


class Sealed(Model):
    """The sealed PDF: where it lies in the container SEALED, and its SHA-256.

    `evidence_sha256` is that of the evidence PDF made with it.
    """

    model_config = ConfigDict(frozen=True)

    path: str
    sha256: str
    size_bytes: int
    evidence_sha256: str


class Envelope(Document):
    """`links` maps a signer to the fingerprint of the link they hold; replaced ones are
    `dead_links`. `values` holds what signers wrote, by field.
    """

    hidden: ClassVar[frozenset[str]] = frozenset({"links", "dead_links"})

    title: str
    message: str = ""
    document_id: str
    document_version: int
    sha256: str
    size_bytes: int
    layout: Layout
    signers: tuple[Signer, ...]
    values: dict[str, str] = Field(default_factory=dict)
    status: EnvelopeStatus = EnvelopeStatus.DRAFT
    created_by: str
    sender_name: str
    created_at: AwareDatetime
    expires_in_days: int
    sent_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    reason: str | None = None
    seal_requested_at: AwareDatetime | None = None
    sealed: Sealed | None = None
    latest: Occurrence
    links: dict[str, str] = Field(default_factory=dict)
    dead_links: dict[str, str] = Field(default_factory=dict)

    @property
    def document_name(self) -> str:
        """The file name under which the document is handed out."""
        return self.title if self.title.lower().endswith(".pdf") else f"{self.title}.pdf"

    @property
    def pages(self) -> tuple[PageSize, ...]:
        return self.layout.pages

    @property
    def fields(self) -> tuple[SigningField, ...]:
        return self.layout.fields

    def signer(self, signer_id: str) -> Signer:
        """Raises SignerNotFound."""
        for signer in self.signers:
            if signer.id == signer_id:
                return signer
        raise SignerNotFound("The envelope has no such signer.")

    def concerns(self, user_id: str) -> bool:
        """Whether they made it or are one of its signers."""
        return user_id == self.created_by or any(each.user_id == user_id for each in self.signers)

    def status_at(self, at: datetime) -> EnvelopeStatus:
        """Expired as soon as its time is over, even before that was noted down."""
        return EnvelopeStatus.EXPIRED if self.overdue(at) else self.status

    def overdue(self, at: datetime) -> bool:
        if self.status is not EnvelopeStatus.SENT or self.expires_at is None:
            return False
        return at >= self.expires_at

    def sent(self, at: datetime, mint: Mint) -> tuple["Envelope", list[SigningLink]]:
        """Sent to the first signers, with their links. Raises EnvelopeNotDraft."""
        if self.status is not EnvelopeStatus.DRAFT:
            raise EnvelopeNotDraft(f"The envelope is {self.status}.", envelope_status=self.status)
        expires_at = at.replace(microsecond=0) + timedelta(days=self.expires_in_days)
        sent = self.becoming(
            Occurrence(what=What.SENT, at=at),
            status=EnvelopeStatus.SENT,
            sent_at=at,
            expires_at=expires_at,
        )
        return sent.calling_the_next(at, mint)

    def calling_the_next(self, at: datetime, mint: Mint) -> tuple["Envelope", list[SigningLink]]:
        """The waiting signers of the lowest order that is not done get their links."""
        open_orders = [each.routing_order for each in self.signers if not each.done]
        called, links = self, []
        for signer in self.signers:
            if signer.status is SignerStatus.WAITING and signer.routing_order == min(open_orders):
                called, link = called._with_new_link(signer, at, mint)
                links.append(link)
        return called, links

    def link_replaced(
        self, signer_id: str, at: datetime, mint: Mint
    ) -> tuple["Envelope", SigningLink]:
        """A new link; the old one is dead, and with it the consent that was given through it.

        Raises EnvelopeNotOpen, SignerNotFound or SignerNotDue.
        """
        self.must_be_open(at)
        signer = self.signer(signer_id)
        if not signer.due:
            raise SignerNotDue(f"The signer is {signer.status}.", signer_status=signer.status)
        latest = Occurrence(what=What.LINK_REPLACED, at=at, signer_id=signer.id)
        called, link = self._with_new_link(signer, at, mint)
        return called.becoming(latest), link

    def voided(self, at: datetime, reason: str) -> "Envelope":
        """Raises EnvelopeNotOpen once everybody has signed, or when it has ended."""
        if self.status not in (EnvelopeStatus.DRAFT, EnvelopeStatus.SENT):
            raise self._not_open(self.status)
        return self.ended(EnvelopeStatus.VOIDED, Occurrence(what=What.VOIDED, at=at, note=reason))

    def expired(self, at: datetime) -> "Envelope":
        """Raises EnvelopeNotOpen unless its time is over."""
        if not self.overdue(at):
            raise self._not_open(self.status)
        return self.ended(EnvelopeStatus.EXPIRED, Occurrence(what=What.EXPIRED, at=at))

    def completed(self, at: datetime, sealed: Sealed) -> "Envelope":
        """Raises EnvelopeNotOpen unless everybody has signed and no PDF was made yet."""
        if self.status is not EnvelopeStatus.SEALING:
            raise self._not_open(self.status)
        done = Occurrence(what=What.COMPLETED, at=at, note=f"SHA-256 {sealed.sha256}")
        return self.ended(EnvelopeStatus.COMPLETED, done, sealed=sealed)

    def seal_requested(self, at: datetime) -> "Envelope":
        """Raises EnvelopeNotOpen unless the sealed PDF is outstanding."""
        if self.status is not EnvelopeStatus.SEALING:
            raise self._not_open(self.status)
        again = Occurrence(what=What.SEAL_REQUESTED, at=at)
        return self.becoming(again, seal_requested_at=at)

    def must_be_open(self, at: datetime) -> None:
        """Raises EnvelopeNotOpen."""
        if (status := self.status_at(at)) is not EnvelopeStatus.SENT:
            raise self._not_open(status)

    def becoming(self, latest: Occurrence, **update: object) -> "Envelope":
        return self.model_copy(update={**update, "latest": latest})

    def ended(self, status: EnvelopeStatus, latest: Occurrence, **update: object) -> "Envelope":
        """`update` is what else becomes of it."""
        reason = latest.note if status in (EnvelopeStatus.VOIDED, EnvelopeStatus.DECLINED) else None
        return self.becoming(latest, status=status, ended_at=latest.at, reason=reason, **update)

    def with_signer(
        self, signer: Signer, what: What, at: datetime, origin: Origin, note: str | None = None
    ) -> "Envelope":
        """What a signer did, and how they stand afterwards."""
        latest = Occurrence(what=what, at=at, signer_id=signer.id, origin=origin, note=note)
        return self.becoming(latest, signers=self._signers_with(signer))

    def _with_new_link(
        self, signer: Signer, at: datetime, mint: Mint
    ) -> tuple["Envelope", SigningLink]:
        link = SigningLink(self.tenant_id, self.id, signer.id, mint())
        dead = dict(self.dead_links)
        if signer.id in self.links:
            dead[self.links[signer.id]] = signer.id
        afresh = {"status": SignerStatus.NOTIFIED, "viewed_at": None, "consent": None}
        called = signer.model_copy(update={**afresh, "notified_at": at})
        update = {
            "links": {**self.links, signer.id: link.fingerprint},
            "dead_links": dead,
            "signers": self._signers_with(called),
        }
        return self.model_copy(update=update), link

    def _signers_with(self, changed: Signer) -> tuple[Signer, ...]:
        return tuple(changed if each.id == changed.id else each for each in self.signers)

    def _not_open(self, status: EnvelopeStatus) -> EnvelopeNotOpen:
        return EnvelopeNotOpen(f"The envelope is {status}.", envelope_status=status)
