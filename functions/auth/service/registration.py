"""Registering by oneself, where the company allows it: a link goes out, and nothing is told."""

from functions.auth.domain.links import (
    REGISTRATION_LIVES,
    Asked,
    Link,
    Proving,
    link_id,
)
from functions.auth.domain.refusals import RegistrationClosed
from functions.auth.models import FIRST_TENANT
from functions.auth.models.invitations import Register
from functions.auth.service.letters import Addressee, Letters
from functions.auth.service.links import LinkService
from shared.contracts.auth import SecretMail, SecretMailWanted
from shared.identity.kinds import INVITATION
from shared.telemetry.logs import say


class RegistrationService:
    """Into the first tenant: others are not open to strangers."""

    def __init__(self, links: LinkService, letters: Letters, *, is_open: bool) -> None:
        self._links = links
        self._letters = letters
        self._is_open = is_open

    async def ask(self, wish: Register) -> None:
        """The same work whether or not the address has a login. Raises RegistrationClosed."""
        if not self._is_open:
            raise RegistrationClosed("People are invited here. Ask an administrator.")
        wanted = link_id(Proving.REGISTRATION, wish.email)
        asked = await self._links.kept.by_email(FIRST_TENANT, wish.email, wanted)
        if asked.link and asked.link.document.pauses(self._links.now()):
            return
        link = self._links.made(
            Proving.REGISTRATION,
            FIRST_TENANT,
            wish.email,
            REGISTRATION_LIVES,
            address=wish.email,
            name=wish.name,
        )
        await self._links.sent(asked.link, link, await self._letter(wish, asked, link))
        say("authn_registration_asked")

    async def _letter(self, wish: Register, asked: Asked, link: Link) -> SecretMailWanted:
        """To somebody with a login: that they have one. The name, which anybody may have sent, is
        in neither: strangers are sent no words but ours."""
        page = self._letters.page("register", await self._links.token(INVITATION, link))
        to = Addressee(FIRST_TENANT, wish.email, locale=wish.locale)
        times = link.sent_at, link.expires_at
        if asked.user is None:
            return self._letters.with_link(SecretMail.REGISTRATION, to, page, times)
        sign_in = self._letters.page("sign-in")
        return self._letters.with_link(SecretMail.ALREADY_REGISTERED, to, sign_in, times)
