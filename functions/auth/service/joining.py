"""Becoming a user by a link: that of an invitation, or of one's own registration."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.auth.domain.links import Proving, ended
from functions.auth.domain.refusals import EmailTaken
from functions.auth.domain.session import Assurance
from functions.auth.domain.user import USERS, User, email_owner
from functions.auth.models.invitations import AcceptInvitation
from functions.auth.models.logins import TokensView
from functions.auth.service.links import LinkService
from functions.auth.service.opening import Opening
from functions.auth.service.passwords import PasswordService
from functions.auth.service.ports import Client, Invitations, Users, VerifyToken
from shared.errors import Conflict, Missing, Unauthenticated
from shared.identity.kinds import INVITATION
from shared.identity.permissions import Role
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Beside, Stored
from shared.records.rereading import until_fresh
from shared.telemetry.logs import say
from shared.telemetry.scope import Actor, acting_as


@dataclass(frozen=True)
class Welcome:
    """Who may have a login, as what, and what is used up by it: given the user's id, and when."""

    tenant_id: str
    email: str
    name: str
    roles: frozenset[Role]
    used: Callable[[str, datetime], Beside]


class Welcomes:
    """From a token to who may come in with it."""

    def __init__(self, invitations: Invitations, links: LinkService, verify: VerifyToken) -> None:
        self._invitations = invitations
        self._links = links
        self._verify = verify

    async def of(self, token: str) -> Welcome:
        """One Cosmos call. Raises LinkEnded."""
        now = self._links.now()
        try:
            claims = await self._verify(INVITATION, token, now)
        except Unauthenticated as error:
            raise ended() from error
        if "link" in claims:
            return await self._registered(token)
        try:
            stored = await self._invitations.get(claims["tenant_id"], claims["sub"], USERS)
        except Missing as error:
            raise ended() from error
        invitation = stored.document
        invitation.must_fit(claims["jti"], now)
        return Welcome(
            invitation.tenant_id,
            invitation.email,
            invitation.name,
            invitation.roles,
            lambda user_id, at: Beside(invitation.accepted(user_id, at), stored=stored),
        )

    async def _registered(self, token: str) -> Welcome:
        stored, _, _ = await self._links.followed(INVITATION, token, Proving.REGISTRATION)
        link = stored.document
        return Welcome(
            link.tenant_id,
            link.address,
            link.name,
            frozenset({Role.MEMBER}),
            lambda _user_id, at: Beside(link.used(at), stored=stored),
        )


class JoiningService:
    """The link was read in the mailbox, so the address is proven."""

    def __init__(
        self,
        welcomes: Welcomes,
        users: Users,
        passwords: PasswordService,
        opening: Opening,
        now: Clock,
    ) -> None:
        self._welcomes = welcomes
        self._users = users
        self._passwords = passwords
        self._opening = opening
        self._now = now

    async def accept(self, wish: AcceptInvitation, client: Client) -> TokensView:
        """A login at once. Raises LinkEnded, WeakPassword or EmailTaken."""
        now = self._now()
        welcome = await self._welcomes.of(wish.token)
        name = wish.name or welcome.name
        user = User(
            id=new_id(),
            tenant_id=welcome.tenant_id,
            email=welcome.email,
            email_verified_at=now,
            name=name,
            roles=welcome.roles,
            password_hash=await self._passwords.hashed(wish.password, welcome.email, name),
            created_at=now,
        )
        with acting_as(Actor("user", user.id)):
            await until_fresh(lambda: self._joined(wish.token, user, now))
        say("user_created", user_id=user.id)
        return await self._opening.session(user, client, Assurance.AAL1, now)

    async def _joined(self, token: str, user: User, now: datetime) -> None:
        """Raises Stale when the link was used, or the invitation changed, just now."""
        welcome = await self._welcomes.of(token)
        try:
            await self._users.save(
                Stored(user),
                "join",
                user.told(now),
                beside=(
                    welcome.used(user.id, now),
                    Beside(email_owner(user), exists="taken"),
                ),
            )
        except Conflict as error:
            raise EmailTaken(f"{user.email} belongs to another user.") from error
