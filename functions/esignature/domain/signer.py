"""Somebody who is asked to sign, and how far they have come."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, ConfigDict

from functions.esignature.domain.consent import Consent
from shared.contracts.people import Recipient
from shared.model import Model


class Channel(StrEnum):
    """How a signer is reached."""

    EMAIL = "email"
    SMS = "sms"
    IN_APP = "in_app"


class SignerStatus(StrEnum):
    """`waiting` for others; `notified` when it is their turn; `viewed` once the link was opened."""

    WAITING = "waiting"
    NOTIFIED = "notified"
    VIEWED = "viewed"
    SIGNED = "signed"
    DECLINED = "declined"


DUE = frozenset({SignerStatus.NOTIFIED, SignerStatus.VIEWED})
DONE = frozenset({SignerStatus.SIGNED, SignerStatus.DECLINED})


class Mark(Model):
    """A signature or initials: typed text, or the SHA-256 of a drawing that is kept as a blob."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["drawn", "typed"]
    text: str | None = None
    sha256: str | None = None


class Signer(Model):
    """One signer of one envelope. Equal `routing_order` sign in parallel, lower ones first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    name: str
    email: str | None = None
    phone: str | None = None
    user_id: str | None = None
    channel: Channel
    routing_order: int
    status: SignerStatus = SignerStatus.WAITING
    notified_at: AwareDatetime | None = None
    viewed_at: AwareDatetime | None = None
    consent: Consent | None = None
    signed_at: AwareDatetime | None = None
    signature: Mark | None = None
    initials: Mark | None = None
    declined_at: AwareDatetime | None = None

    @property
    def recipient(self) -> Recipient:
        return Recipient(name=self.name, user_id=self.user_id, email=self.email, phone=self.phone)

    @property
    def due(self) -> bool:
        return self.status in DUE

    @property
    def done(self) -> bool:
        return self.status in DONE
