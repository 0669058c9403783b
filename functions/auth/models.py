"""What callers send and see of auth."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from shared.http.fields import Email, Id, Name, Phone, normalised_email
from shared.http.paging import Paging
from shared.identity.permissions import Role
from shared.model import Model

Password = Annotated[str, StringConstraints(min_length=12, max_length=128)]
FIRST_TENANT = "default"


class Sent(Model):
    model_config = ConfigDict(extra="forbid")


class Login(Sent):
    """An e-mail address and its password."""

    email: str = Field(max_length=254, examples=["ann@example.com"])
    password: str = Field(max_length=128)
    tenant_id: Id = FIRST_TENANT

    @property
    def known_as(self) -> str:
        """The address as users have it; what is none is nobody's."""
        try:
            return normalised_email(self.email.strip())
        except ValueError:
            return self.email


class Refresh(Sent):
    """The refresh token of the last answer."""

    refresh_token: str = Field(max_length=1000)


class TokensView(Model):
    """`expires_in` counts seconds of the access token; the refresh token works once."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int


class SetUp(Sent):
    """Who the first administrator is."""

    email: Email
    name: Name = "Administrator"


class CreateUser(Sent):
    """Without `password` one is generated and shown once in the answer."""

    email: Email
    name: Name
    phone: Phone | None = None
    roles: frozenset[Role] = Field(min_length=1)
    password: Password | None = None


class ChangeUser(Sent):
    """What is left out stays."""

    name: Name | None = None
    phone: Phone | None = None
    roles: frozenset[Role] | None = Field(None, min_length=1)
    active: bool | None = None


class ChangePassword(Sent):
    """The old one proves that it is you."""

    old_password: str = Field(max_length=128)
    new_password: Password


class UserView(Model):
    """A user, without anything secret."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    email: str
    name: str
    phone: str | None
    roles: list[Role]
    active: bool
    created_at: AwareDatetime


class NewUserView(UserView):
    """`generated_password` is shown this once."""

    generated_password: str | None = None


class UserFilter(Paging):
    """Which users to list."""

    active: bool | None = None


class JwksView(Model):
    """Public keys, RFC 7517."""

    keys: list[dict[str, str]]


class OpenIdConfigurationView(Model):
    """As much of OpenID Connect Discovery as a gateway needs to check our access tokens."""

    issuer: str
    jwks_uri: str
    token_endpoint: str
    id_token_signing_alg_values_supported: list[str]
    response_types_supported: list[str]
    subject_types_supported: list[str]
