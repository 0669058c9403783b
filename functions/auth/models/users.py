"""Users as callers send and see them."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from functions.auth.models import GivenPassword, NewPassword, Sent
from shared.http.fields import Email, Id, LanguageTag, Name, Phone, TimeZone
from shared.http.paging import Paging
from shared.identity.permissions import Role
from shared.model import Model

ExternalId = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
    Field(description="What another system calls this user, such as a personnel number."),
]


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
    password: NewPassword | None = None
    locale: LanguageTag | None = None
    time_zone: TimeZone | None = None
    department_id: Id | None = None
    external_id: ExternalId | None = None


class ChangeUser(Sent):
    """What is left out stays; null empties what may be empty."""

    name: Name | None = None
    phone: Phone | None = None
    roles: frozenset[Role] | None = Field(None, min_length=1)
    active: bool | None = None
    locale: LanguageTag | None = None
    time_zone: TimeZone | None = None
    department_id: Id | None = None
    external_id: ExternalId | None = None


class ChangeMe(Sent):
    """What users may change of themselves. What is left out stays; null empties."""

    name: Name | None = None
    locale: LanguageTag | None = None
    time_zone: TimeZone | None = None


class ChangePassword(Sent):
    """The old one proves that it is you."""

    old_password: GivenPassword
    new_password: NewPassword


class UserView(Model):
    """A user, without anything secret."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    email: str
    name: str
    phone: str | None
    roles: list[Role]
    active: bool
    locale: str | None
    time_zone: str | None
    department_id: str | None
    external_id: str | None
    created_at: AwareDatetime
    email_verified: bool
    phone_verified: bool


class NewUserView(UserView):
    """`generated_password` is shown this once."""

    generated_password: str | None = None


class UserFilter(Paging):
    """Which users to list."""

    q: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Words that name or e-mail contain, whatever their case and accents.",
        examples=["muller"],
    )
    role: Role | None = None
    department_id: Id | None = None
    external_id: ExternalId | None = None
    active: bool | None = None
