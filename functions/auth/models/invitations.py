"""Becoming a user: invited, or by oneself."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from functions.auth.domain.invitations import Invitation, InvitationStatus
from functions.auth.models import NewPassword, Sent
from shared.http.fields import Email, Name
from shared.http.paging import Paging
from shared.identity.permissions import Role
from shared.model import Model

Locale = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2}$"),
    Field(description="The language to write in, as ISO 639-1 has it.", examples=["de"]),
]


class Invite(Sent):
    """Who is to have a login, and with which roles."""

    email: Email
    name: Name
    roles: frozenset[Role] = Field(min_length=1)
    locale: Locale | None = None


class InvitationView(Model):
    """An invitation, without its link."""

    id: str
    email: str
    name: str
    roles: list[Role]
    status: InvitationStatus
    invited_by: str
    inviter_name: str
    created_at: AwareDatetime
    sent_at: AwareDatetime
    expires_at: AwareDatetime
    accepted_at: AwareDatetime | None
    user_id: str | None


def shown_at(invitation: Invitation, at: datetime) -> InvitationView:
    """As it stands at that moment."""
    return InvitationView(
        id=invitation.id,
        email=invitation.email,
        name=invitation.name,
        roles=sorted(invitation.roles),
        status=invitation.status(at),
        invited_by=invitation.invited_by,
        inviter_name=invitation.inviter_name,
        created_at=invitation.created_at,
        sent_at=invitation.sent_at,
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        user_id=invitation.user_id,
    )


class InvitationFilter(Paging):
    """Which invitations to list."""

    status: InvitationStatus | None = None


class AcceptInvitation(Sent):
    """The token of the link, and a password of one's own. `name` may mend the one in it."""

    token: str = Field(max_length=8192)
    name: Name | None = None
    password: NewPassword


class Register(Sent):
    """Who wants a login."""

    email: Email
    name: Name
    locale: Locale | None = None
