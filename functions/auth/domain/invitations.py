"""Invitations: somebody is to have a login with these roles, once they have chosen a password."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from functions.auth.domain.links import ended
from functions.auth.domain.refusals import InvitationEnded
from functions.auth.domain.user import USERS, User
from shared.identity.kinds import INVITATION
from shared.identity.permissions import Role
from shared.records.document import Document, Stored

KEPT_S = 90 * 24 * 60 * 60


class InvitationStatus(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Invitation(Document):
    """Good for three days from when it was last sent; `token_id` names the link that was."""

    hidden: ClassVar[frozenset[str]] = frozenset({"token_id", "inviter_name"})
    personal: ClassVar[frozenset[str]] = frozenset({"email", "name"})

    email: str
    name: str
    roles: frozenset[Role]
    locale: str | None = None
    invited_by: str
    inviter_name: str
    token_id: str
    created_at: AwareDatetime
    sent_at: AwareDatetime
    accepted_at: AwareDatetime | None = None
    withdrawn_at: AwareDatetime | None = None
    user_id: str | None = None
    ttl: int | None = KEPT_S

    @property
    def key(self) -> str:
        return USERS

    @property
    def expires_at(self) -> datetime:
        return self.sent_at + INVITATION.lifetime

    def status(self, at: datetime) -> InvitationStatus:
        if self.accepted_at is not None:
            return InvitationStatus.ACCEPTED
        if self.withdrawn_at is not None:
            return InvitationStatus.WITHDRAWN
        return InvitationStatus.OPEN if at < self.expires_at else InvitationStatus.EXPIRED

    def must_fit(self, token_id: str, at: datetime) -> None:
        """Raises LinkEnded."""
        if self.token_id != token_id or self.status(at) is not InvitationStatus.OPEN:
            raise ended()

    def sent_again(self, token_id: str, at: datetime) -> "Invitation":
        """With a new link and three new days. Raises InvitationEnded."""
        self._must_go_on()
        return self.model_copy(update={"token_id": token_id, "sent_at": at})

    def withdrawn(self, at: datetime) -> "Invitation":
        """Raises InvitationEnded."""
        self._must_go_on()
        return self.model_copy(update={"withdrawn_at": at})

    def accepted(self, user_id: str, at: datetime) -> "Invitation":
        return self.model_copy(update={"accepted_at": at, "user_id": user_id})

    def _must_go_on(self) -> None:
        if self.accepted_at or self.withdrawn_at:
            raise InvitationEnded("This invitation was accepted or withdrawn.")


@dataclass(frozen=True)
class Addressed:
    """Who has an address already, and the invitations to it that are open."""

    user: Stored[User] | None
    open: list[Stored[Invitation]]
