"""Telling signers that it is their turn: the only way on which a link leaves the app."""

from collections.abc import Iterable
from datetime import datetime

from functions.esignature.domain.envelope import Envelope
from functions.esignature.domain.link import SigningLink
from shared.contracts.esignature import SigningRequested


def requests(
    envelope: Envelope, links: Iterable[SigningLink], prefix: str, at: datetime
) -> list[SigningRequested]:
    """One for each link; `prefix` is the address that the token is appended to."""
    return [_request(envelope, link, prefix, at) for link in links]


def _request(envelope: Envelope, link: SigningLink, prefix: str, at: datetime) -> SigningRequested:
    signer = envelope.signer(link.signer_id)
    return SigningRequested(
        tenant_id=envelope.tenant_id,
        at=at,
        envelope_id=envelope.id,
        signer_id=signer.id,
        recipient=signer.recipient,
        channel=signer.channel,
        title=envelope.title,
        sender_name=envelope.sender_name,
        link=f"{prefix}{link}",
        expires_at=envelope.expires_at or at,
    )
