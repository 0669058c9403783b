"""Getting back in without the password: by a link to the address that auth knows."""

from datetime import datetime

from functions.auth.domain.guessing import no_failures
from functions.auth.domain.links import Link, Proving, ended, link_id
from functions.auth.domain.refusals import PasswordChangeRequired
from functions.auth.domain.user import USERS, User
from functions.auth.models.recovery import AskReset, CompleteReset
from functions.auth.service.captcha import Captchas
from functions.auth.service.letters import Letters, at_email
from functions.auth.service.links import LinkService
from functions.auth.service.notices import noticed
from functions.auth.service.passwords import PasswordService
from functions.auth.service.ports import Client, SecondProof, Users
from functions.auth.service.sessions import SessionService
from shared.contracts.auth import Notice, SecretMail, SecretMailWanted
from shared.identity.caller import Caller
from shared.identity.kinds import RESET
from shared.platform.ids import new_id
from shared.records.document import Beside, Stored
from shared.records.rereading import until_fresh
from shared.telemetry.logs import say
from shared.telemetry.scope import Actor, acting_as


class Reminding:
    """Sends the links with which a password may be chosen."""

    def __init__(
        self, links: LinkService, users: Users, letters: Letters, captchas: Captchas
    ) -> None:
        self._links = links
        self._users = users
        self._letters = letters
        self._captchas = captchas

    async def ask(self, wish: AskReset, client: Client) -> None:
        """The same work, in two Cosmos calls, whether or not somebody has this address; and one
        more where captchas are asked for. Raises CaptchaRequired."""
        email, tenant_id = wish.known_as, wish.tenant_id
        await self._captchas.guard(tenant_id, email, wish.captcha_token, client)
        asked = await self._links.kept.by_email(tenant_id, email, link_id(Proving.RESET, email))
        if asked.link and asked.link.document.pauses(self._links.now()):
            return
        known = asked.user.document if asked.user and asked.user.document.active else None
        link = self._made(tenant_id, email, known)
        letter = await self._letter(link, known)
        await self._links.sent(asked.link, link, *([letter] if letter else []))
        say("authn_password_reset_asked", user_id=link.user_id)

    async def start(self, caller: Caller, user_id: str) -> None:
        """For an administrator, who learns nothing of it and chooses nothing. Raises Missing."""
        stored = await self._users.get(caller.tenant_id, user_id, USERS)
        user = stored.document
        link = self._made(user.tenant_id, user.email, user)
        letter = await self._letter(link, user)
        told = [letter] if letter else []
        await self._users.save(
            stored.now(user), "start password reset", *told, beside=(Beside(link),)
        )

    async def demanded(self, user: User) -> PasswordChangeRequired:
        """To be raised where a first password was right. One Cosmos call."""
        link = self._links.made(
            Proving.FIRST, user.tenant_id, new_id(), user_id=user.id, address=user.email
        )
        with acting_as(Actor("user", user.id)):
            await self._links.kept.save(Stored(link), "send link")
        return PasswordChangeRequired(
            "Choose a password of your own.",
            reset_token=await self._links.token(RESET, link),
            expires_in=int(RESET.lifetime.total_seconds()),
        )

    def _made(self, tenant_id: str, email: str, user: User | None) -> Link:
        whose = user.id if user else ""
        return self._links.made(Proving.RESET, tenant_id, email, user_id=whose, address=email)

    async def _letter(self, link: Link, user: User | None) -> SecretMailWanted | None:
        """None for nobody, after the same work."""
        page = self._letters.page("reset", await self._links.token(RESET, link))
        if user is None:
            return None
        times = link.sent_at, link.expires_at
        return self._letters.with_link(SecretMail.PASSWORD_RESET, at_email(user), page, times)


class RecoveryService:
    """A link is used once, and opens nothing that a second factor guards."""

    def __init__(
        self,
        links: LinkService,
        users: Users,
        passwords: PasswordService,
        sessions: SessionService,
        second: SecondProof,
    ) -> None:
        self._links = links
        self._users = users
        self._passwords = passwords
        self._sessions = sessions
        self._second = second

    async def complete(self, wish: CompleteReset, client: Client) -> None:
        """All logins end. Raises LinkEnded, WeakPassword, MfaRequired, MfaFailed, ChallengeEnded.

        What is refused uses up neither the link nor a code.
        """
        _, found = await self._followed(wish.token)
        user = found.document
        if user.strongly_protected and wish.challenge_token is None:
            raise await self._second.demanded(user)
        hashed = await self._passwords.hashed(
            wish.new_password, user.email, user.name, with_factor=user.strongly_protected
        )
        if user.strongly_protected:
            await self._second.prove(user, wish, client)
        with acting_as(Actor("user", user.id)):
            await until_fresh(lambda: self._reset(wish.token, hashed, user, client))
            await self._sessions.end_all(user.tenant_id, user.id, action="end session")
        say("authn_password_change", user_id=user.id)

    async def _reset(self, token: str, hashed: str, proven: User, client: Client) -> None:
        """Raises Stale when something changed just now, another use of the link for one."""
        link, stored = await self._followed(token)
        user, at = stored.document, self._links.now()
        if user.strongly_protected and not proven.strongly_protected:
            raise await self._second.demanded(user)
        changed = _by(link.document, user, hashed, at)
        await self._users.save(
            stored.now(changed),
            "reset password",
            noticed(changed, _notice(link.document), at, client),
            beside=(
                Beside(link.document.used(at), stored=link),
                Beside(changed.revocation()),
                Beside(no_failures(user.tenant_id, user.email, at)),
            ),
        )

    async def _followed(self, token: str) -> tuple[Stored[Link], Stored[User]]:
        link, user, _ = await self._links.followed(RESET, token, Proving.RESET, Proving.FIRST)
        if user is None or not link.document.lets_in(user.document):
            raise ended()
        return link, user


def _by(link: Link, user: User, hashed: str, at: datetime) -> User:
    """With the new password; who followed a link from their mailbox has shown that it is theirs."""
    changed = user.reset(hashed, at)
    if link.proving is Proving.RESET and user.email_verified_at is None:
        return changed.model_copy(update={"email_verified_at": at})
    return changed


def _notice(link: Link) -> Notice:
    return Notice.PASSWORD_RESET if link.proving is Proving.RESET else Notice.PASSWORD_CHANGED
