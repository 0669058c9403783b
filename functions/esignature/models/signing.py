"""What signers send and see, behind their link."""

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

from functions.esignature.domain.layout import FieldType
from functions.esignature.domain.signer import SignerStatus
from functions.esignature.models.envelopes import PageView, Seen
from functions.esignature.models.sending import MOST_FIELDS, Reason, Sent
from shared.http.fields import Id
from shared.model import Model

LONGEST_PNG = 500_000
LONGEST_BASE64 = (LONGEST_PNG + 2) // 3 * 4

State = Literal["ready", "waiting", "signed", "declined", "expired", "voided", "completed"]
Value = Annotated[str, StringConstraints(max_length=500)]


class GiveConsent(Sent):
    """Agree to sign electronically; `version` is that of the text that was shown."""

    accepted: Literal[True]
    version: Annotated[str, StringConstraints(max_length=20)]


class DrawnMark(Sent):
    """A PNG of at most 500 KB and 2000 by 1000 pixels, transparent where there is no ink."""

    kind: Literal["drawn"]
    png_base64: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_BASE64)]


def _with_ink(text: str) -> str:
    """Spaces come in many kinds; a signature has at least a letter or a digit."""
    if not any(character.isalnum() for character in text):
        raise ValueError("a signature needs at least a letter")
    return text


class TypedMark(Sent):
    """A name, written with the keyboard."""

    kind: Literal["typed"]
    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
        AfterValidator(_with_ink),
    ]


GivenMark = Annotated[DrawnMark | TypedMark, Field(discriminator="kind")]


class Sign(Sent):
    """The signature, and what was written into the fields.

    Dates that are left out are the day of signing (UTC).
    """

    signature: GivenMark
    initials: GivenMark | None = None
    values: dict[Id, Value] = Field(default_factory=dict, max_length=MOST_FIELDS)


class Decline(Sent):
    """Why; the sender is told."""

    reason: Reason


class OwnFieldView(Seen):
    """One of the signer's own fields."""

    id: str
    type: FieldType
    page: int
    x: float
    y: float
    width: float
    height: float
    required: bool
    label: str


class SelfView(Seen):
    """The signer whose link it is."""

    id: str
    name: str
    status: SignerStatus


class OtherView(Seen):
    """Somebody else who signs."""

    name: str
    status: SignerStatus


class ConsentView(Model):
    """The text to agree to, or that was agreed to."""

    version: str
    text: str
    accepted_at: AwareDatetime | None


class SigningView(Model):
    """Everything a signing page shows."""

    envelope_id: str
    title: str
    message: str
    sender_name: str
    document_name: str
    state: State
    signer: SelfView
    others: list[OtherView]
    pages: list[PageView]
    fields: list[OwnFieldView]
    consent: ConsentView
    expires_at: AwareDatetime


class PageQuery(Model):
    """How wide the picture of the page shall be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    width: int = Field(
        1200, ge=200, le=2000, description="In pixels; drawn 400, 800, 1200, 1600 or 2000 wide."
    )
