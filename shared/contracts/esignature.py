"""What e-signature tells the others, and the job it gives itself."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts import Event, Job
from shared.contracts.people import Recipient

SEALED = "envelopes"
"""The blob container of sealed PDFs, evidence and drawn signatures."""


class SigningRequested(Event):
    """It is a signer's turn. `link` is theirs alone: never show it to anybody else, or log it."""

    type: ClassVar[str] = "esignature.signing-requested.v1"

    envelope_id: str
    signer_id: str
    recipient: Recipient
    channel: str
    title: str
    sender_name: str
    link: str
    expires_at: AwareDatetime


class EnvelopeCompleted(Event):
    """All have signed and the PDF is sealed: `sealed_path` in the container SEALED."""

    type: ClassVar[str] = "esignature.envelope-completed.v1"

    envelope_id: str
    title: str
    document_id: str
    document_version: int
    sealed_path: str
    sha256: str
    size_bytes: int
    created_by: str
    signers: list[Recipient]


class EnvelopeDeclined(Event):
    """A signer has declined, and with that the envelope has ended.

    `others` had been asked to sign too.
    """

    type: ClassVar[str] = "esignature.envelope-declined.v1"

    envelope_id: str
    title: str
    created_by: str
    signer_name: str
    reason: str
    others: list[Recipient] = Field(default_factory=list)


class EnvelopeVoided(Event):
    """Its sender has withdrawn the envelope. `signers` had been asked to sign."""

    type: ClassVar[str] = "esignature.envelope-voided.v1"

    envelope_id: str
    title: str
    reason: str
    signers: list[Recipient] = Field(default_factory=list)


class EnvelopeExpired(Event):
    """Its time was over before everybody had signed. `signers` had been asked to sign."""

    type: ClassVar[str] = "esignature.envelope-expired.v1"

    envelope_id: str
    title: str
    created_by: str
    signers: list[Recipient] = Field(default_factory=list)


class SealEnvelope(Job):
    """Make the PDF of an envelope that everybody has signed."""

    type: ClassVar[str] = "esignature.seal-envelope.v1"
    queue: ClassVar[str] = "esignature-seal"

    envelope_id: str
