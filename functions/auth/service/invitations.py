"""Inviting people, as long as they have not come."""

import secrets
from datetime import datetime

from functions.auth.domain.granting import must_hold
from functions.auth.domain.invitations import Invitation
from functions.auth.domain.refusals import AlreadyInvited, EmailTaken
from functions.auth.domain.user import USERS
from functions.auth.models.invitations import Invite
from functions.auth.service.letters import Addressee, Letters
from functions.auth.service.ports import Invitations, IssueToken
from shared.contracts.auth import SecretMail, SecretMailWanted
from shared.identity.caller import Caller
from shared.identity.kinds import INVITATION
from shared.identity.permissions import permissions_of
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Stored


class InvitationService:
    """Each sending has a link of its own; only the last one works."""

    def __init__(
        self, invitations: Invitations, issue: IssueToken, letters: Letters, now: Clock
    ) -> None:
        self._invitations = invitations
        self._issue = issue
        self._letters = letters
        self._now = now

    async def invite(self, caller: Caller, wish: Invite) -> Stored[Invitation]:
        """Raises EmailTaken, AlreadyInvited, or RightsNotHeld for roles above one's own."""
        must_hold(caller, permissions_of(wish.roles))
        now = self._now()
        known = await self._invitations.addressed(caller.tenant_id, wish.email, now)
        if known.user is not None:
            raise EmailTaken(f"{wish.email} belongs to a user.")
        if known.open:
            open_id = known.open[0].document.id
            raise AlreadyInvited(f"{wish.email} is invited already.", invitation_id=open_id)
        invitation = Invitation(
            id=new_id(),
            tenant_id=caller.tenant_id,
            invited_by=caller.id,
            inviter_name=caller.name,
            token_id=_new_token_id(),
            created_at=now,
            sent_at=now,
            **wish.model_dump(),
        )
        letter = await self._letter(invitation, now)
        return await self._invitations.save(Stored(invitation), "invite", letter)

    async def send_again(self, caller: Caller, invitation_id: str) -> Stored[Invitation]:
        """With a new link and three new days. Raises Missing or InvitationEnded."""
        stored, now = await self._got(caller, invitation_id), self._now()
        invitation = stored.document.sent_again(_new_token_id(), now)
        letter = await self._letter(invitation, now)
        return await self._invitations.save(stored.now(invitation), "send invitation again", letter)

    async def withdraw(self, caller: Caller, invitation_id: str, if_match: str | None) -> None:
        """Its link works no more. Raises Missing, Stale or InvitationEnded."""
        stored = (await self._got(caller, invitation_id)).matching(if_match)
        invitation = stored.document.withdrawn(self._now())
        await self._invitations.save(stored.now(invitation), "withdraw invitation")

    async def _got(self, caller: Caller, invitation_id: str) -> Stored[Invitation]:
        return await self._invitations.get(caller.tenant_id, invitation_id, USERS)

    async def _letter(self, invitation: Invitation, now: datetime) -> SecretMailWanted:
        claims = {
            "sub": invitation.id,
            "jti": invitation.token_id,
            "tenant_id": invitation.tenant_id,
        }
        token = await self._issue(INVITATION, now, claims)
        page = self._letters.page("invitation", token)
        to = Addressee(
            invitation.tenant_id, invitation.email, invitation.name, locale=invitation.locale
        )
        return self._letters.with_link(
            SecretMail.INVITATION,
            to,
            page,
            (now, invitation.expires_at),
            sender=invitation.inviter_name,
        )


def _new_token_id() -> str:
    return secrets.token_urlsafe(24)
