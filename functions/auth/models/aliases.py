"""Older clients' words for the same things."""

from pydantic import AliasChoices, Field

from functions.auth.models import FIRST_TENANT, CaptchaToken, GivenPassword, Sent
from functions.auth.models.logins import Login, TokensView
from shared.http.fields import Id
from shared.model import Model


class OlderLogin(Sent):
    """`username` is the e-mail address; `email` says the same."""

    username: str = Field(max_length=254, validation_alias=AliasChoices("username", "email"))
    password: GivenPassword
    tenant_id: Id = FIRST_TENANT
    captcha_token: CaptchaToken = None

    def as_today(self) -> Login:
        return Login(
            email=self.username,
            password=self.password,
            tenant_id=self.tenant_id,
            captcha_token=self.captcha_token,
        )


class OlderTokensView(TokensView):
    """`access` and `refresh` beside the names of today."""

    access: str
    refresh: str


class Introspect(Sent):
    """A token, to hear whether it counts."""

    token: str = Field("", max_length=8192)


class ScopedPermissionsView(Model):
    """Permissions that hold within all that is said."""

    permissions: list[str]
    system: str | None = None
    department_id: str | None = None
    resource: str | None = None


class IntrospectionView(Model):
    """As RFC 7662 has it: of a token that does not count, nothing else is told.

    `scope` are the permissions that hold everywhere; `kind` is "user" or "service".
    """

    active: bool
    sub: str | None = None
    tenant_id: str | None = None
    name: str | None = None
    kind: str | None = None
    roles: list[str] | None = None
    scope: str | None = None
    scoped: list[ScopedPermissionsView] | None = None
    sid: str | None = None
    acr: str | None = None
    auth_time: int | None = None
    token_type: str | None = None


class OlderUserView(Model):
    """Whose token it is."""

    id: str
    name: str
    roles: list[str]
    tenant_id: str


class OlderVerdictView(Model):
    """Whether a token is valid, and whose."""

    valid: bool
    user: OlderUserView | None = None
