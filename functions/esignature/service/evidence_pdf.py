"""The evidence of an envelope on paper: quiet, readable, complete. Blocks; runs in a thread."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

from functions.esignature.domain.envelope import EnvelopeStatus
from functions.esignature.domain.signer import Channel
from functions.esignature.models.envelopes import SignerView
from functions.esignature.models.evidence import EvidenceEvent, EvidenceView

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from functions.esignature.service.evidence_style import Style

STATES = {
    EnvelopeStatus.DRAFT: "it was not sent yet",
    EnvelopeStatus.SENT: "it was waiting for signatures",
    EnvelopeStatus.SEALING: "everybody had signed, and the PDF was just sealed",
    EnvelopeStatus.COMPLETED: "it was complete",
    EnvelopeStatus.DECLINED: "it had ended because a signer declined",
    EnvelopeStatus.EXPIRED: "it had ended because its time was over",
    EnvelopeStatus.VOIDED: "it had been withdrawn by its sender",
}
_reportlab = Lock()  # typefaces keep what they embed in shared tables while a document is drawn


def drawn(evidence: EvidenceView) -> bytes:
    """As PDF, A4."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    from functions.esignature.service.evidence_style import (
        MARGIN_PT,
        PADDING_PT,
        numbered_canvas,
        style,
    )

    out = BytesIO()
    with _reportlab:
        look = style()
        document = SimpleDocTemplate(
            out,
            pagesize=A4,
            leftMargin=MARGIN_PT - PADDING_PT,
            rightMargin=MARGIN_PT - PADDING_PT,
            topMargin=MARGIN_PT - PADDING_PT,
            bottomMargin=MARGIN_PT + PADDING_PT,
            title=f"Evidence of signing: {evidence.envelope.title}",
            author=evidence.envelope.sender_name,
            subject=f"Envelope {evidence.envelope.id}",
        )
        footer = f"Envelope {evidence.envelope.id}  ·  all times are UTC"
        document.build(_story(evidence, look), canvasmaker=numbered_canvas(footer))
    return out.getvalue()


def _story(evidence: EvidenceView, look: "Style") -> "list[Flowable]":
    envelope = evidence.envelope
    return [
        look.small("EVIDENCE OF SIGNING"),
        look.title(escape(envelope.title)),
        look.lead(_lead(evidence)),
        look.facts(_facts(evidence)),
        *_signers(envelope.signers, look),
        *_consents(evidence, look),
        *_values(evidence, look),
        *_events(evidence.events, look),
        *_chain(evidence, look),
    ]


def _lead(evidence: EvidenceView) -> str:
    envelope = evidence.envelope
    signed = sum(1 for signer in envelope.signers if signer.signed_at is not None)
    people = "1 person" if len(envelope.signers) == 1 else f"{len(envelope.signers)} people"
    return (
        f"Sent by {escape(envelope.sender_name or envelope.created_by)} to {people}, "
        f"{signed} of whom signed. When this page was made, on {_time(evidence.made_at)}, "
        f"{STATES[envelope.status]}."
    )


def _facts(evidence: EvidenceView) -> list[tuple[str, str]]:
    envelope, documents = evidence.envelope, evidence.documents
    facts = [
        ("Envelope", envelope.id),
        ("Document", f"{envelope.document_id}, version {envelope.document_version}"),
        ("Pages", str(len(envelope.pages))),
        ("Created", _time(envelope.created_at)),
        ("Sent", _time(envelope.sent_at)),
        ("SHA-256 as sent", documents.original_sha256),
        ("SHA-256 sealed", documents.sealed_sha256 or "not sealed"),
    ]
    return [(name, escape(value)) for name, value in facts]


def _signers(signers: Sequence[SignerView], look: "Style") -> "list[Flowable]":
    head = ("Order", "Signer", "Reached by", "Signed at", "State")
    rows = [
        (
            str(signer.routing_order),
            escape(signer.name),
            escape(_reached_by(signer)),
            _time(signer.signed_at),
            str(signer.status),
        )
        for signer in signers
    ]
    return [*look.heading("Signers"), look.table(head, rows, (0.08, 0.25, 0.3, 0.24, 0.13))]


def _reached_by(signer: SignerView) -> str:
    """The address that the link went to, whatever else is known of the signer."""
    addresses = {Channel.EMAIL: signer.email, Channel.SMS: signer.phone}
    return addresses.get(signer.channel) or "in the app"


def _consents(evidence: EvidenceView, look: "Style") -> "list[Flowable]":
    shown: list[Any] = []
    for text in dict.fromkeys(consent.text for consent in evidence.consents):
        given = [each for each in evidence.consents if each.text == text]
        who = "; ".join(f"{escape(each.name)}, {_time(each.accepted_at)}" for each in given)
        version = f"Version {escape(given[0].version)}, agreed to by {who}."
        shown += [look.body(f"“{escape(text)}”"), look.small(version)]
    return [*look.heading("Consent"), *shown] if shown else []


def _values(evidence: EvidenceView, look: "Style") -> "list[Flowable]":
    names = {signer.id: signer.name for signer in evidence.envelope.signers}
    rows = [
        (escape(field.label or field.id), escape(names[field.signer_id]), escape(value))
        for field in evidence.envelope.fields
        if (value := evidence.values.get(field.id))
    ]
    if not rows:
        return []
    head = ("Field", "Filled in by", "Value")
    return [*look.heading("Filled in"), look.table(head, rows, (0.25, 0.25, 0.5))]


def _events(events: Sequence[EvidenceEvent], look: "Style") -> "list[Flowable]":
    head = ("No.", "Time", "What", "Who", "From")
    rows = [
        (
            str(event.number),
            _time(event.at),
            escape(f"{event.what} ({event.note})" if event.note else event.what),
            escape(event.name or event.actor),
            _origin(event),
        )
        for event in events
    ]
    return [*look.heading("What happened"), look.table(head, rows, (0.06, 0.2, 0.24, 0.17, 0.33))]


def _origin(event: EvidenceEvent) -> str:
    parts = [event.ip, event.user_agent]
    if event.forwarded_for and event.forwarded_for != event.ip:
        parts.insert(1, f"(through {event.forwarded_for})")
    return "<br/>".join(escape(part) for part in parts if part)


def _chain(evidence: EvidenceView, look: "Style") -> "list[Flowable]":
    audit = evidence.audit
    state = "unbroken" if audit.intact else "BROKEN: " + " ".join(audit.problems)
    facts = [("Entries", str(audit.length)), ("Chain", escape(state)), ("Last hash", audit.head)]
    explanation = (
        "Each entry of the audit trail carries the SHA-256 of the entry before it. Whoever alters, "
        "drops or inserts one changes every hash that follows, and the last one stands here."
    )
    return [*look.heading("Audit trail"), look.facts(facts), look.small(explanation)]


def _time(at: datetime | None) -> str:
    return "not yet" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"
