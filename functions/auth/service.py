"""The use cases of auth: fetch, decide, save."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from functions.auth.domain import SESSION_LIVES as LIVES
from functions.auth.domain import (
    USERS,
    AlreadySetUp,
    EmailTaken,
    FirstAdministrator,
    LoginFailed,
    OwnAdministration,
    RefreshToken,
    Session,
    SessionEnded,
    User,
    email_owner,
    hashed,
    sessions_of,
)
from functions.auth.models import (
    FIRST_TENANT,
    ChangePassword,
    ChangeUser,
    CreateUser,
    Login,
    SetUp,
    TokensView,
)
from shared.contracts.auth import UserChanged
from shared.errors import Conflict, Missing, Stale
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from shared.identity.tokens import ACCESS, TokenKind
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Beside, Documents, Stored
from shared.records.rereading import until_fresh
from shared.telemetry.scope import Actor, acting_as


class Users(Documents[User], Protocol):
    """Where users are kept."""

    async def with_email(self, tenant_id: str, email: str) -> Stored[User] | None: ...


class Sessions(Documents[Session], Protocol):
    """Where logins are kept."""

    async def alive(self, tenant_id: str, user_id: str) -> list[Stored[Session]]: ...


class Passwords(Protocol):
    """A slow hash. `fits` takes as long for no user at all."""

    async def hash(self, password: str) -> str: ...
    async def fits(self, password: str, password_hash: str | None) -> bool: ...


def _gives_up_administration(wish: ChangeUser) -> bool:
    return wish.active is False or (wish.roles is not None and Role.ADMIN not in wish.roles)


IssueToken = Callable[[TokenKind, datetime, Mapping[str, Any]], Awaitable[str]]


class AuthService:
    """Users, their logins, and the tokens of a login."""

    def __init__(
        self,
        users: Users,
        sessions: Sessions,
        passwords: Passwords,
        issue: IssueToken,
        now: Clock,
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._passwords = passwords
        self._issue = issue
        self._now = now

    async def set_up(self, wish: SetUp) -> tuple[Stored[User], str]:
        """The first tenant's first administrator and the password. Raises AlreadySetUp."""
        create = CreateUser(email=wish.email, name=wish.name, roles=frozenset({Role.ADMIN}))
        user, password = await self._new(FIRST_TENANT, create)
        first = FirstAdministrator(
            id="first-administrator", tenant_id=FIRST_TENANT, user_id=user.id
        )
        try:
            return await self._created(user, Beside(first, exists="taken")), password
        except Conflict as error:
            raise AlreadySetUp("The first administrator exists.") from error

    async def create(self, caller: Caller, wish: CreateUser) -> tuple[Stored[User], str | None]:
        """The user, and the password if it was generated. Raises EmailTaken."""
        user, password = await self._new(caller.tenant_id, wish)
        try:
            stored = await self._created(user)
        except Conflict as error:
            raise EmailTaken(f"{user.email} belongs to another user.") from error
        return stored, None if wish.password else password

    async def change(
        self, caller: Caller, user_id: str, wish: ChangeUser, if_match: str | None
    ) -> Stored[User]:
        stored = (await self._users.get(caller.tenant_id, user_id, USERS)).matching(if_match)
        if user_id == caller.id and _gives_up_administration(wish):
            raise OwnAdministration("Another administrator has to take this away from you.")
        user = stored.document.changed(**wish.model_dump(exclude_unset=True, exclude_none=True))
        return await self._users.save(stored.now(user), "change user", user.told(self._now()))

    async def change_password(self, caller: Caller, wish: ChangePassword) -> None:
        """Raises LoginFailed for a wrong old password. With the save every other login ends."""
        stored = await self._users.get(caller.tenant_id, caller.id, USERS)
        if not await self._passwords.fits(wish.old_password, stored.document.password_hash):
            raise LoginFailed("The old password is not right.")
        password_hash = await self._passwords.hash(wish.new_password)
        changed = stored.document.with_password(password_hash, self._now(), caller.session_id)
        await self._users.save(stored.now(changed), "change password")

    async def log_in(self, wish: Login) -> TokensView:
        """Raises LoginFailed: the same words, after the same time, whatever was wrong."""
        now, secret = self._now(), secrets.token_urlsafe(32)  # from before the password was read
        stored = await self._users.with_email(wish.tenant_id, wish.known_as)
        user = stored.document if stored else None
        fits = await self._passwords.fits(wish.password, user.password_hash if user else None)
        if user is None or not fits or not user.active:
            raise LoginFailed("E-mail address and password do not fit together.")
        session = Session(
            id=new_id(),
            tenant_id=user.tenant_id,
            user_id=user.id,
            secret_hash=hashed(secret),
            started_at=now,
            expires_at=now + LIVES,
        )
        with acting_as(Actor("user", user.id)):
            await self._sessions.save(Stored(session), "log in")
        return await self._tokens(user, session, secret)

    async def refresh(self, text: str) -> TokensView:
        """New tokens for old. A refresh token that comes back ends its session: it was stolen."""
        token, now = RefreshToken.parsed(text), self._now()
        try:
            stored = await self._sessions.get(
                token.tenant_id, token.session_id, sessions_of(token.user_id)
            )
            user = (await self._users.get(token.tenant_id, token.user_id, USERS)).document
        except Missing as error:
            raise SessionEnded("Log in again.") from error
        if not stored.document.alive(now) or not user.lets_on(stored.document):
            raise SessionEnded("Log in again.")
        with acting_as(Actor("user", user.id)):
            if not stored.document.accepts(token.secret):
                await until_fresh(lambda: self._end(stored.document, "end session: token reused"))
                raise SessionEnded("Log in again.")
            secret = secrets.token_urlsafe(32)
            session = stored.document.rotated(secret)
            try:
                await self._sessions.save(stored.now(session), "refresh")
            except Stale as error:
                raise SessionEnded("Another request used this refresh token first.") from error
        return await self._tokens(user, session, secret)

    async def log_out(self, caller: Caller) -> None:
        """Safe to repeat. The access token works until it expires, the refresh token no more."""
        key = sessions_of(caller.id)
        try:
            stored = await self._sessions.get(caller.tenant_id, caller.session_id, key)
        except Missing:
            return
        await until_fresh(lambda: self._end(stored.document, "log out"))

    async def end_sessions_of_disabled(self, event: UserChanged) -> None:
        """Safe to repeat: ended sessions are not found again."""
        if not event.active:
            for stored in await self._sessions.alive(event.tenant_id, event.user_id):
                await self._end(stored.document, "end session")

    async def _end(self, session: Session, action: str) -> None:
        """As it is by now. Raises Stale when it was just refreshed."""
        stored = await self._sessions.get(session.tenant_id, session.id, session.key)
        if stored.document.ended_at is None:
            await self._sessions.save(stored.now(stored.document.ended(self._now())), action)

    async def _new(self, tenant_id: str, wish: CreateUser) -> tuple[User, str]:
        password = wish.password or secrets.token_urlsafe(15)
        user = User(
            id=new_id(),
            tenant_id=tenant_id,
            email=wish.email,
            name=wish.name,
            phone=wish.phone,
            roles=wish.roles,
            password_hash=await self._passwords.hash(password),
            created_at=self._now(),
        )
        return user, password

    async def _created(self, user: User, *more: Beside) -> Stored[User]:
        return await self._users.save(
            Stored(user),
            "create user",
            user.told(self._now()),
            beside=(Beside(email_owner(user), exists="taken"), *more),
        )

    async def _tokens(self, user: User, session: Session, secret: str) -> TokensView:
        claims = {
            "sub": user.id,
            "sid": session.id,
            "tenant_id": user.tenant_id,
            "roles": sorted(user.roles),
            "name": user.name,
        }
        access = await self._issue(ACCESS, self._now(), claims)
        refresh = RefreshToken(user.tenant_id, user.id, session.id, secret)
        return TokensView(
            access_token=access,
            refresh_token=str(refresh),
            expires_in=int(ACCESS.lifetime.total_seconds()),
        )
