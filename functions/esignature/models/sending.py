"""What senders send."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from functions.esignature.domain.layout import FieldType
from functions.esignature.domain.signer import Channel
from shared.http.fields import Email, Id, Name, Phone
from shared.model import Model

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Extent = Annotated[float, Field(ge=0.005, le=1, allow_inf_nan=False)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
MOST_SIGNERS = 20
MOST_FIELDS = 100


class Sent(Model):
    """Unknown members are refused."""

    model_config = ConfigDict(extra="forbid")


class NewField(Sent):
    """A rectangle in fractions of the page as displayed, from its top-left corner.

    `id` is made up where it is left out.
    """

    id: Id | None = None
    type: FieldType
    page: int = Field(ge=1, le=100_000, description="Counted from 1.")
    x: Fraction
    y: Fraction
    width: Extent
    height: Extent
    required: bool = True
    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""


class NewSigner(Sent):
    """Somebody who shall sign. `channel` needs the address that it uses."""

    name: Name
    email: Email | None = None
    phone: Phone | None = None
    user_id: Id | None = None
    channel: Channel
    routing_order: int = Field(
        1, ge=1, le=1000, description="Lower numbers sign first, equal ones in parallel."
    )
    fields: list[NewField] = Field(max_length=MOST_FIELDS)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        address = {
            Channel.EMAIL: self.email,
            Channel.SMS: self.phone,
            Channel.IN_APP: self.user_id,
        }[self.channel]
        if address is None:
            needed = {Channel.EMAIL: "email", Channel.SMS: "phone", Channel.IN_APP: "user_id"}
            raise ValueError(f"the channel {self.channel} needs {needed[self.channel]}")
        return self


class CreateEnvelope(Sent):
    """Who shall sign which version of which document, and where on it."""

    document_id: UUID
    document_version: int = Field(ge=1, le=1_000_000)
    title: Name
    message: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    expires_in_days: int = Field(14, ge=1, le=90, description="Counted from the sending.")
    signers: list[NewSigner] = Field(min_length=1, max_length=MOST_SIGNERS)


class VoidEnvelope(Sent):
    """Why the envelope is withdrawn; those who were asked to sign are told."""

    reason: Reason


class ResendLink(Sent):
    """Who gets a new link. The old one is dead at once."""

    signer_id: Id
