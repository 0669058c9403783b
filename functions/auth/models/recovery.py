"""Getting back in, and proving addresses."""

from pydantic import Field

from functions.auth.models import FIRST_TENANT, CaptchaToken, NewPassword, Sent
from functions.auth.models.factors import Code, Credential
from shared.http.fields import Email, Id, Phone, normalised_email
from shared.model import Model

Token = Field(max_length=8192)


class AskReset(Sent):
    """The address of whoever forgot their password."""

    email: str = Field(max_length=254, examples=["ann@example.com"])
    tenant_id: Id = FIRST_TENANT
    captcha_token: CaptchaToken = None

    @property
    def known_as(self) -> str:
        """The address as users have it; what is none is nobody's."""
        try:
            return normalised_email(self.email.strip())
        except ValueError:
            return self.email


class CompleteReset(Sent):
    """The token of the link. The rest is for those with a second factor, after `mfa-required`."""

    token: str = Token
    new_password: NewPassword
    challenge_token: str | None = Field(None, max_length=8192)
    factor_id: Id | None = None
    code: Code | None = None
    credential: Credential | None = None


class ChangeEmail(Sent):
    """The new address, or the present one to have it verified."""

    email: Email


class ChangePhone(Sent):
    """The new number, or the present one to have it verified."""

    phone: Phone


class CodeSentView(Model):
    """A code is on its way to the number. It is taken together with this `token`."""

    token: str
    expires_in: int


class CompleteVerification(Sent):
    """The token of the link; for a number the token of its answer, and the code that was sent."""

    token: str = Token
    code: Code | None = None
