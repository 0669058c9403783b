"""What proves how an envelope came about."""

from pydantic import AwareDatetime

from functions.esignature.domain.occurrence import What
from functions.esignature.models.envelopes import EnvelopeView
from shared.model import Model


class EvidenceEvent(Model):
    """One step, as its audit entry has it. `hash` binds it to all steps before it."""

    number: int
    at: AwareDatetime
    what: What
    actor: str
    name: str | None
    ip: str | None
    forwarded_for: str | None
    user_agent: str | None
    note: str | None
    correlation_id: str
    hash: str


class EvidenceConsent(Model):
    """What a signer agreed to, word by word."""

    signer_id: str
    name: str
    version: str
    text: str
    accepted_at: AwareDatetime


class EvidenceHashes(Model):
    """SHA-256 of the document as sent, and once it exists of the sealed one."""

    original_sha256: str
    sealed_sha256: str | None


class EvidenceChain(Model):
    """The audit trail: whether it is unbroken, and the hash at its end."""

    intact: bool
    problems: list[str]
    length: int
    head: str


class EvidenceView(Model):
    """The whole story of an envelope."""

    envelope: EnvelopeView
    events: list[EvidenceEvent]
    consents: list[EvidenceConsent]
    values: dict[str, str]
    documents: EvidenceHashes
    audit: EvidenceChain
    made_at: AwareDatetime
