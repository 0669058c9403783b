"""An envelope as one of its signers sees it: their own fields, little of others."""

from datetime import datetime

from functions.esignature.domain.consent import TEXTS, VERSION
from functions.esignature.domain.envelope import Envelope
from functions.esignature.domain.signer import Signer
from functions.esignature.domain.signing import standing
from functions.esignature.models.signing import ConsentView, SigningView


def view_of(envelope: Envelope, signer: Signer, at: datetime) -> SigningView:
    """`at` decides whether it has expired."""
    return SigningView.model_validate(
        {
            "envelope_id": envelope.id,
            "title": envelope.title,
            "message": envelope.message,
            "sender_name": envelope.sender_name,
            "document_name": envelope.document_name,
            "state": standing(envelope, signer, at),
            "signer": signer,
            "others": [each for each in envelope.signers if each.id != signer.id],
            "pages": list(envelope.pages),
            "fields": list(envelope.layout.of(signer.id)),
            "consent": _consent(signer),
            "expires_at": envelope.expires_at,
        },
        from_attributes=True,
    )


def _consent(signer: Signer) -> ConsentView:
    agreed = signer.consent
    if agreed is None:
        return ConsentView(version=VERSION, text=TEXTS[VERSION], accepted_at=None)
    return ConsentView(version=agreed.version, text=agreed.text, accepted_at=agreed.accepted_at)
