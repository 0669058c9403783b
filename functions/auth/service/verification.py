"""New addresses and numbers of users: they count once somebody there has answered."""

import secrets
from datetime import datetime
from typing import Any

from functions.auth.domain.links import Asked, Link, Proving, code_hash, ended, link_id
from functions.auth.domain.refusals import CodesTooOften, CodeWrong, EmailTaken
from functions.auth.domain.user import User, email_owner
from functions.auth.models.recovery import CodeSentView, CompleteVerification
from functions.auth.service.letters import Addressee, Letters
from functions.auth.service.links import LinkService
from functions.auth.service.notices import noticed
from functions.auth.service.ports import Client, Users
from shared.contracts import Told
from shared.contracts.auth import Notice, SecretMail
from shared.errors import Conflict, Missing
from shared.identity.caller import Caller
from shared.identity.kinds import VERIFICATION
from shared.records.document import Beside, Stored
from shared.records.rereading import until_fresh
from shared.telemetry.logs import say
from shared.telemetry.scope import Actor, acting_as

DIGITS = 6
PROVEN_BY_LINK = (Proving.EMAIL, Proving.PHONE)


class VerificationService:
    """A link goes to a new mailbox, a code to a new phone; the old mailbox hears of both."""

    def __init__(self, links: LinkService, users: Users, letters: Letters) -> None:
        self._links = links
        self._users = users
        self._letters = letters

    async def want_email(self, caller: Caller, email: str) -> None:
        """Whether somebody else has the address is told to who reads its mail, and not before."""
        user, asked = await self._asked(caller, Proving.EMAIL)
        link = self._made(Proving.EMAIL, user, email)
        page = self._letters.page("verification", await self._links.token(VERIFICATION, link))
        to = Addressee(user.tenant_id, email, user.name, user.id)
        times = link.sent_at, link.expires_at
        letter = self._letters.with_link(SecretMail.EMAIL_VERIFICATION, to, page, times)
        await self._links.sent(asked.link, link, letter)

    async def want_phone(self, caller: Caller, phone: str) -> CodeSentView:
        """Raises CodesTooOften. Wrong codes count on over the next code."""
        user, asked = await self._asked(caller, Proving.PHONE)
        link = self._made(Proving.PHONE, user, phone)
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        before = asked.link.document.tries if asked.link else 0
        hashed = code_hash(link.id, link.token_id, code)
        link = link.model_copy(update={"code_hash": hashed, "tries": before})
        to = Addressee(user.tenant_id, phone, user.name, user.id)
        letter = self._letters.with_code(to, code, (link.sent_at, link.expires_at))
        await self._links.sent(asked.link, link, letter)
        seconds = int((link.expires_at - link.sent_at).total_seconds())
        token = await self._links.token(VERIFICATION, link)
        return CodeSentView(token=token, expires_in=seconds)

    async def complete(self, wish: CompleteVerification, client: Client) -> None:
        """Raises LinkEnded, CodeWrong or EmailTaken."""
        await until_fresh(lambda: self._completed(wish, client))

    async def _completed(self, wish: CompleteVerification, client: Client) -> None:
        link, stored, at = await self._links.followed(VERIFICATION, wish.token, *PROVEN_BY_LINK)
        if stored is None or not stored.document.active:
            raise ended()
        with acting_as(Actor("user", stored.document.id)):
            if link.document.code_hash and not link.document.has_code(wish.code or ""):
                await self._links.kept.save(link.now(link.document.tried()), "try code")
                raise CodeWrong("This is not the code that was sent.")
            await self._proven(link, stored, at, client)

    async def _proven(
        self, link: Stored[Link], stored: Stored[User], at: datetime, client: Client
    ) -> None:
        before = stored.document
        user = _with_address(before, link.document, at)
        told: list[Told] = [user.told(at)]
        beside = [Beside(link.document.used(at), stored=link)]
        notice = _notice(before, user, at, client)
        told += [notice] if notice else []
        if user.email != before.email:
            beside.append(Beside(email_owner(user), exists="taken"))
            beside.append(Beside(email_owner(before), exists="removed"))
        try:
            await self._users.save(
                stored.now(user), f"verify {link.document.proving}", *told, beside=beside
            )
        except Conflict as error:
            raise EmailTaken(f"{user.email} belongs to another user.") from error
        say("user_updated", user_id=user.id, verified=link.document.proving)

    async def _asked(self, caller: Caller, proving: Proving) -> tuple[User, Asked]:
        """Raises CodesTooOften, since both cost money and patience."""
        wanted = link_id(proving, caller.id)
        asked = await self._links.kept.by_user(caller.tenant_id, caller.id, wanted)
        if asked.user is None:
            raise Missing("You are no user of this tenant any more.")
        if asked.link and asked.link.document.waits(self._links.now()):
            raise CodesTooOften("One was sent a moment ago.", retry_after_s=60)
        return asked.user.document, asked

    def _made(self, proving: Proving, user: User, address: str) -> Link:
        about: dict[str, Any] = {"user_id": user.id, "address": address}
        return self._links.made(proving, user.tenant_id, user.id, **about)


def _with_address(user: User, link: Link, at: datetime) -> User:
    if link.proving is Proving.EMAIL:
        return user.changed(email=link.address, email_verified_at=at)
    return user.changed(phone=link.address, phone_verified_at=at)


def _notice(before: User, user: User, at: datetime, client: Client) -> Told | None:
    """To the address that was. Nothing changes where the present one is verified."""
    if user.email != before.email:
        told = noticed(user, Notice.EMAIL_CHANGED, at, client, new=user.email)
        return told.model_copy(update={"email": before.email})
    if user.phone != before.phone:
        return noticed(user, Notice.PHONE_CHANGED, at, client, new=user.phone or "")
    return None
