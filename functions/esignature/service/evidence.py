"""The story of an envelope, read from its audit trail, whose hash chain makes it evidence."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from functions.esignature.domain.envelope import Envelope
from functions.esignature.domain.occurrence import Occurrence
from functions.esignature.models.envelopes import EnvelopeView
from functions.esignature.models.evidence import (
    EvidenceChain,
    EvidenceConsent,
    EvidenceEvent,
    EvidenceHashes,
    EvidenceView,
)
from shared.records.audit import AuditEntry, AuditTrail


def evidence_of(
    envelope: Envelope, trail: AuditTrail, at: datetime, sealed_sha256: str | None = None
) -> EvidenceView:
    """As of `at`; `sealed_sha256` is that of a PDF which is only just being completed."""
    kept = envelope.sealed.sha256 if envelope.sealed else sealed_sha256
    return EvidenceView(
        envelope=EnvelopeView.model_validate(envelope),
        events=[_event(entry, envelope) for entry in trail.entries if _happened(entry)],
        consents=list(_consents(envelope)),
        values=envelope.values,
        documents=EvidenceHashes(original_sha256=envelope.sha256, sealed_sha256=kept),
        audit=EvidenceChain(
            intact=trail.intact,
            problems=trail.problems,
            length=len(trail.entries),
            head=trail.entries[-1].hash if trail.entries else "",
        ),
        made_at=at,
    )


def _happened(entry: AuditEntry) -> dict[str, Any] | None:
    """What the envelope says happened last, as this entry brought it about."""
    return entry.changes["latest"][1] if "latest" in entry.changes else None


def _event(entry: AuditEntry, envelope: Envelope) -> EvidenceEvent:
    latest = Occurrence.model_validate(_happened(entry))
    origin = latest.origin
    return EvidenceEvent(
        number=entry.number,
        at=latest.at,
        what=latest.what,
        actor=f"{entry.actor.kind}:{entry.actor.id}",
        name=_name(latest, entry, envelope),
        ip=origin.ip if origin else None,
        forwarded_for=origin.forwarded_for if origin else None,
        user_agent=origin.user_agent if origin else None,
        note=latest.note,
        correlation_id=entry.correlation_id,
        hash=entry.hash,
    )


def _name(latest: Occurrence, entry: AuditEntry, envelope: Envelope) -> str | None:
    if latest.signer_id is not None:
        return envelope.signer(latest.signer_id).name
    return envelope.sender_name if entry.actor.id == envelope.created_by else None


def _consents(envelope: Envelope) -> Iterator[EvidenceConsent]:
    for signer in envelope.signers:
        if signer.consent is not None:
            yield EvidenceConsent(
                signer_id=signer.id,
                name=signer.name,
                version=signer.consent.version,
                text=signer.consent.text,
                accepted_at=signer.consent.accepted_at,
            )
