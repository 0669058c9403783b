"""Logging in with a password, however often somebody guesses."""

from collections.abc import Callable
from datetime import datetime

from functions.auth.domain.guessing import Knocking, account_failures_id
from functions.auth.domain.passwords import normalised
from functions.auth.domain.refusals import LoginFailed
from functions.auth.domain.user import User
from functions.auth.models.logins import Login, TokensView
from functions.auth.service.captcha import Captchas
from functions.auth.service.opening import Opening
from functions.auth.service.ports import Client, Guesses, Hashes, Users
from functions.auth.service.turns import Turns
from shared.errors import Stale
from shared.platform.clock import Clock
from shared.telemetry.logs import warn
from shared.telemetry.scope import Actor, acting_as


def _anybody(_: Knocking) -> None:
    """Whoever has proven something else before."""


class LoginService:
    """At most one slow hash and three Cosmos calls for each attempt."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that a guess passes
        self,
        guesses: Guesses,
        users: Users,
        hashes: Hashes,
        opening: Opening,
        turns: Turns,
        captchas: Captchas,
        now: Clock,
    ) -> None:
        self._guesses = guesses
        self._users = users
        self._hashes = hashes
        self._opening = opening
        self._turns = turns
        self._captchas = captchas
        self._now = now

    async def log_in(self, wish: Login, client: Client) -> TokensView:
        """Raises LoginFailed: the same words, after the same time, whatever was wrong.

        Raises MfaRequired where the password is right and does not do alone, and CaptchaRequired
        where too many failed."""
        passed = await self._captchas.passed(wish.captcha_token, client)
        user, at = await self.proven(
            wish.tenant_id,
            wish.known_as,
            wish.password,
            client,
            lambda knocking: self._captchas.demand(knocking, passed=passed),
        )
        return await self.opened(user, client, at)

    async def opened(self, user: User, client: Client, proven_at: datetime) -> TokensView:
        """For a password that was proven. Raises MfaRequired where it does not do alone, and
        PasswordChangeRequired where it is a first one."""
        return await self._opening.by_password(user, client, proven_at)

    async def proven(
        self,
        tenant_id: str,
        email: str,
        password: str,
        client: Client,
        admit: Callable[[Knocking], None] = _anybody,
    ) -> tuple[User, datetime]:
        """Whose address and password these are, and when they set out to prove it. Raises
        LoginFailed, and what `admit` does."""
        async with self._turns.of(tenant_id, account_failures_id(email)):
            now, given = self._now(), normalised(password)
            knocking = await self._guesses.knocking(tenant_id, email, client.address)
            admit(knocking)
            known = knocking.user.document if knocking.user else None
            fits = await self._hashes.fits(given, known.password_hash if known else None)
            if known is None or not fits or not known.may_log_in(now) or knocking.locked(now):
                await self._guesses.failed(knocking, now)
                warn(
                    "authn_login_fail",
                    user_id=known.id if known else "",
                    locked=knocking.locked(now),
                )
                raise LoginFailed("E-mail address and password do not fit together.")
            await self._tidied(knocking, known, given)
        return known, now

    async def _tidied(self, knocking: Knocking, user: User, password: str) -> None:
        """What an owner's coming mends. Of the two, one: the other has its turn next time.

        Whoever has a second factor has not come before it is proven: till then, failures count."""
        if knocking.account is not None and not user.protected:
            await self._guesses.forgotten(knocking)
        elif knocking.user and self._hashes.outdated(user.password_hash):
            rehashed = user.rehashed(await self._hashes.hash(password))
            with acting_as(Actor("user", user.id)):
                try:
                    await self._users.save(knocking.user.now(rehashed), "rehash password")
                except Stale:
                    return  # somebody changes the user at this moment; the next login does it
