"""What senders see. There is no token in any of it, and no way to one."""

from pydantic import AwareDatetime, ConfigDict

from functions.esignature.domain.envelope import EnvelopeStatus
from functions.esignature.domain.layout import FieldType
from functions.esignature.domain.signer import Channel, SignerStatus
from shared.http.paging import Paging
from shared.model import Model


class Seen(Model):
    """Read from a document's attributes."""

    model_config = ConfigDict(from_attributes=True)


class PageView(Seen):
    """A page as displayed, in points."""

    number: int
    width_pt: float
    height_pt: float


class EnvelopeFieldView(Seen):
    """Whose field it is, and where."""

    id: str
    signer_id: str
    type: FieldType
    page: int
    x: float
    y: float
    width: float
    height: float
    required: bool
    label: str


class SignerView(Seen):
    """How far a signer has come."""

    id: str
    name: str
    email: str | None
    phone: str | None
    user_id: str | None
    channel: Channel
    routing_order: int
    status: SignerStatus
    notified_at: AwareDatetime | None
    viewed_at: AwareDatetime | None
    signed_at: AwareDatetime | None
    declined_at: AwareDatetime | None


class SealedView(Seen):
    """The sealed PDF's SHA-256 and size."""

    sha256: str
    size_bytes: int


class EnvelopeView(Seen):
    """An envelope, as its sender sees it. `reason` is why it was voided or declined."""

    id: str
    title: str
    message: str
    status: EnvelopeStatus
    document_id: str
    document_version: int
    document_name: str
    sha256: str
    size_bytes: int
    pages: list[PageView]
    fields: list[EnvelopeFieldView]
    signers: list[SignerView]
    created_by: str
    sender_name: str
    created_at: AwareDatetime
    expires_in_days: int
    sent_at: AwareDatetime | None
    expires_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    reason: str | None
    sealed: SealedView | None


class EnvelopeFilter(Paging):
    """Which envelopes to list."""

    status: EnvelopeStatus | None = None
