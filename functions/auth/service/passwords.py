"""Setting passwords: judged, hashed, and every other login ended."""

from functions.auth.domain import passwords
from functions.auth.domain.refusals import LoginFailed
from functions.auth.domain.user import USERS, User
from functions.auth.models.users import ChangePassword
from functions.auth.service.notices import noticed
from functions.auth.service.ports import Client, Hashes, Strength, Users
from functions.auth.service.sessions import SessionService
from shared.contracts.auth import Notice
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.telemetry.logs import say


class PasswordService:
    """What a password must be, and its change by its owner."""

    def __init__(
        self,
        users: Users,
        sessions: SessionService,
        hashes: Hashes,
        strength: Strength,
        now: Clock,
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._hashes = hashes
        self._strength = strength
        self._now = now

    async def hashed(self, password: str, *known: str, with_factor: bool = False) -> str:
        """Its hash. `known` is what everybody knows of its owner. Raises WeakPassword."""
        chosen, words = passwords.normalised(password), passwords.words_of(*known)
        judgement = self._strength(chosen, words)
        passwords.check(chosen, judgement, words, with_factor=with_factor)
        return await self._hashes.hash(chosen)

    async def change(self, caller: Caller, wish: ChangePassword, client: Client) -> None:
        """Raises LoginFailed for a wrong old password. With the save every other login ends."""
        stored = await self._users.get(caller.tenant_id, caller.id, USERS)
        user = stored.document
        if not await self._hashes.fits(passwords.normalised(wish.old_password), user.password_hash):
            raise LoginFailed("The old password is not right.")
        changed = await self.chosen(user, wish.new_password, caller.session_id)
        told = noticed(changed, Notice.PASSWORD_CHANGED, self._now(), client)
        await self._users.save(stored.now(changed), "change password", told)
        await self._sessions.end_all(caller.tenant_id, caller.id, kept=caller.session_id)
        say("authn_password_change", user_id=caller.id)

    async def chosen(self, user: User, password: str, session_id: str = "") -> User:
        """The user with a password that they chose; `session_id` goes on. Raises WeakPassword."""
        hashed = await self.hashed(
            password, user.email, user.name, with_factor=user.strongly_protected
        )
        return user.with_password(hashed, self._now(), session_id)
