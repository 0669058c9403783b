"""Whoever has failed too often is asked to show that they are a person."""

from functions.auth.domain.guessing import Knocking
from functions.auth.domain.refusals import CaptchaRequired
from functions.auth.service.ports import Captcha, Client, Guesses
from shared.platform.clock import Clock


class Captchas:
    """Asks nobody where no captcha is configured."""

    def __init__(self, captcha: Captcha | None, guesses: Guesses, now: Clock) -> None:
        self._captcha = captcha
        self._guesses = guesses
        self._now = now

    async def passed(self, token: str | None, client: Client) -> bool:
        """Whether this is the token of somebody who has just shown it."""
        if self._captcha is None or not token:
            return False
        return await self._captcha.verify(token, client.address)

    def demand(self, knocking: Knocking, *, passed: bool) -> None:
        """Raises CaptchaRequired: after as many failures for addresses that nobody has."""
        if self._captcha is None or passed or not knocking.asks_for_captcha(self._now()):
            return
        raise CaptchaRequired(
            "Show that you are a person, then try again.", site_key=self._captcha.site_key
        )

    async def guard(self, tenant_id: str, email: str, token: str | None, client: Client) -> None:
        """For what reads no failures itself. Raises CaptchaRequired."""
        if self._captcha is None:
            return
        knocking = await self._guesses.knocking(tenant_id, email, client.address)
        if knocking.asks_for_captcha(self._now()):
            self.demand(knocking, passed=await self.passed(token, client))
