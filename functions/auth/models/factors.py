"""Second factors as callers send and see them."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from functions.auth.domain.factors import FactorKind
from functions.auth.models import Sent
from shared.http.fields import Id, Name, Phone
from shared.model import Model

Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Credential = Annotated[
    dict[str, Any],
    Field(description="What `navigator.credentials` gave, as JSON with base64url."),
]


class NewFactor(Sent):
    """`phone` is for SMS, and may be left out: it is the user's own, once that is verified."""

    kind: Literal["totp", "webauthn", "sms", "email"]
    name: Name
    phone: Phone | None = None


class NewFactorView(Model):
    """What its owner needs to set it up, shown this once.

    An app reads `otpauth_url` from the picture `qr_svg`, or somebody types `secret` into it;
    `options` go to `navigator.credentials.create`.
    """

    id: str
    kind: FactorKind
    otpauth_url: str | None = None
    secret: str | None = None
    qr_svg: str | None = None
    options: dict[str, Any] | None = None


class ConfirmFactor(Sent):
    """A code, or for a passkey the credential."""

    code: Code | None = None
    credential: Credential | None = None


class RecoveryCodesView(Model):
    """Each works once. They are shown this once, and only where they are new."""

    recovery_codes: list[str] | None = None


class RenameFactor(Sent):
    name: Name


class FactorView(Model):
    """A factor, without anything secret. It counts from `confirmed_at` on."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: FactorKind
    name: str
    added_at: AwareDatetime
    confirmed_at: AwareDatetime | None
    used_at: AwareDatetime | None
    codes_left: int | None


class FactorsView(Model):
    """All factors of a user, the oldest first."""

    items: list[FactorView]


class CompleteFactorReset(Sent):
    """The token of the link, and the password."""

    token: str = Field(max_length=8192)
    password: Annotated[str, StringConstraints(max_length=256)]


class Proof(Sent):
    """Which factor is proven, and how: by a code, or by a passkey's answer."""

    factor_id: Id
    code: Code | None = None
    credential: Credential | None = None
