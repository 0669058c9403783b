"""Logging in and staying in."""

from enum import StrEnum

from pydantic import AwareDatetime, ConfigDict, Field

from functions.auth.domain.session import Assurance
from functions.auth.models import FIRST_TENANT, CaptchaToken, GivenPassword, Sent
from shared.http.fields import Id, normalised_email
from shared.model import Model


class Login(Sent):
    """An e-mail address and its password; `captcha_token` after `captcha-required`."""

    email: str = Field(max_length=254, examples=["ann@example.com"])
    password: GivenPassword
    tenant_id: Id = FIRST_TENANT
    captcha_token: CaptchaToken = None

    @property
    def known_as(self) -> str:
        """The address as users have it; what is none is nobody's."""
        try:
            return normalised_email(self.email.strip())
        except ValueError:
            return self.email


class Refresh(Sent):
    """The refresh token of the last answer."""

    refresh_token: str = Field(max_length=8192)


class LogoutScope(StrEnum):
    """Which logins end: this one, all but this one, or all."""

    LOCAL = "local"
    OTHERS = "others"
    GLOBAL = "global"


class Logout(Sent):
    scope: LogoutScope = LogoutScope.LOCAL


class TokensView(Model):
    """`expires_in` counts seconds of the access token; the refresh token works once."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int


class SessionView(Model):
    """One login: from where, since when, and when it was last seen. `current` is the caller's."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    device: str
    address: str
    assurance: Assurance
    started_at: AwareDatetime
    seen_at: AwareDatetime
    expires_at: AwareDatetime
    current: bool = False


class SessionsView(Model):
    """The logins of a user that still count, the newest first."""

    items: list[SessionView]
