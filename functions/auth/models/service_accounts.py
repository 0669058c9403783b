"""Service accounts and their keys, as callers send and see them."""

from pydantic import AwareDatetime, ConfigDict, Field

from functions.auth.models import Sent
from functions.auth.models.roles import AssignmentView, AssignRole, Description, Permission
from shared.http.fields import Name
from shared.http.paging import Paging
from shared.identity.permissions import Role
from shared.model import Model

DEFAULT_DAYS = 90
MOST_DAYS = 365


class CreateServiceAccount(Sent):
    """Nobody can give a role with permissions that they do not have."""

    name: Name
    description: Description = ""
    roles: frozenset[Role] = frozenset()
    assignments: tuple[AssignRole, ...] = Field((), max_length=20)


class ChangeServiceAccount(Sent):
    """What is left out stays."""

    name: Name | None = None
    description: Description | None = None
    roles: frozenset[Role] | None = None
    assignments: tuple[AssignRole, ...] | None = Field(None, max_length=20)
    active: bool | None = None


class ServiceAccountView(Model):
    """A program's account. While it is not active, none of its keys count."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    description: str
    roles: list[Role]
    assignments: list[AssignmentView]
    active: bool
    created_at: AwareDatetime
    created_by: str


class ServiceAccountFilter(Paging):
    """Which service accounts to list."""


class CreateKey(Sent):
    """`scopes` are all that the key is for; left out, it is for all that its account may."""

    name: Name
    scopes: frozenset[Permission] | None = Field(None, min_length=1)
    expires_in_days: int = Field(DEFAULT_DAYS, ge=1, le=MOST_DAYS)


class KeyView(Model):
    """A key, without its secret. `last_used_at` is true to the minute."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    prefix: str
    scopes: list[str] | None
    created_at: AwareDatetime
    created_by: str
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None
    last_used_at: AwareDatetime | None = None


class NewKeyView(KeyView):
    """`key` is shown this once: send it as `Authorization: Bearer` or as `X-API-Key`."""

    key: str


class KeysView(Model):
    """The keys of a service account, the newest first; long ended ones are left out."""

    items: list[KeyView]
