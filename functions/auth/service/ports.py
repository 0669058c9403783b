"""What the use cases need of the world."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from functions.auth.domain.devices import Device
from functions.auth.domain.factors import PasskeySecret
from functions.auth.domain.guessing import Knocking
from functions.auth.domain.invitations import Addressed, Invitation
from functions.auth.domain.links import Asked, Link
from functions.auth.domain.passwords import Judgement
from functions.auth.domain.refusals import MfaRequired, PasswordChangeRequired
from functions.auth.domain.session import Session
from functions.auth.domain.user import User
from functions.auth.models.recovery import CompleteReset
from shared.contracts.auth import UserDeleted
from shared.identity.kinds import TokenKind
from shared.records.document import Documents, Stored

IssueToken = Callable[[TokenKind, datetime, Mapping[str, Any]], Awaitable[str]]
VerifyToken = Callable[[TokenKind, str, datetime], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Client:
    """From where somebody asks: what the device calls itself, and its network address."""

    device: str = ""
    address: str = ""


class Users(Documents[User], Protocol):
    """Where users are kept."""


class Traces(Protocol):
    """What tells of somebody who was deleted, wherever it lies."""

    async def forget_address(self, tenant_id: str, email: str) -> None: ...
    async def forget_user(self, event: UserDeleted) -> None: ...


class Sessions(Documents[Session], Protocol):
    """Where logins are kept."""

    async def alive(self, tenant_id: str, user_id: str) -> list[Stored[Session]]: ...


class Logins(Protocol):
    """A login and its user, read at once."""

    async def found(
        self, tenant_id: str, user_id: str, session_id: str, role_ids: Iterable[str] = ()
    ) -> tuple[Stored[Session], Stored[User]] | None: ...


class Links(Documents[Link], Protocol):
    """Links that were sent, each found with its user in one query."""

    async def by_email(self, tenant_id: str, email: str, link_id: str) -> Asked: ...
    async def by_user(self, tenant_id: str, user_id: str, link_id: str) -> Asked: ...


class Devices(Documents[Device], Protocol):
    """Devices that were logged in with, in the partition of their user's logins."""

    async def where(self, tenant_id: str, *, key: str) -> list[Stored[Device]]: ...


class Invitations(Documents[Invitation], Protocol):
    """Where invitations are kept."""

    async def addressed(self, tenant_id: str, email: str, at: datetime) -> Addressed: ...


class FirstPasswords(Protocol):
    """What is asked of somebody who comes with a password that was made for them."""

    async def demanded(self, user: User) -> PasswordChangeRequired: ...


class SecondProof(Protocol):
    """The second factor of somebody who resets their password."""

    async def demanded(self, user: User) -> MfaRequired: ...
    async def prove(self, user: User, wish: CompleteReset, client: Client) -> None: ...


class Guesses(Protocol):
    """Who knocks, and how often in vain."""

    async def knocking(self, tenant_id: str, email: str, address: str) -> Knocking: ...
    async def of_user(
        self, tenant_id: str, user_id: str, account_id: str, address: str
    ) -> Knocking: ...
    async def failed(self, knocking: Knocking, at: datetime) -> None: ...
    async def forgotten(self, knocking: Knocking) -> None: ...


class Hashes(Protocol):
    """A slow hash. `fits` takes as long for no user at all."""

    async def hash(self, password: str) -> str: ...
    async def fits(self, password: str, password_hash: str | None) -> bool: ...
    def outdated(self, password_hash: str) -> bool: ...


class Captcha(Protocol):
    """Tells people from programs. `site_key` is what pages show it with."""

    @property
    def site_key(self) -> str: ...
    async def verify(self, token: str, address: str) -> bool: ...


class Strength(Protocol):
    """How many guesses a password takes. `known` are words that a guesser would try first."""

    def __call__(self, password: str, known: list[str]) -> Judgement: ...


class AuthenticatorApps(Protocol):
    """Apps that show codes by the time."""

    def new_secret(self) -> str: ...
    def code_at(self, secret: str, step: int) -> str: ...
    def address(self, secret: str, owner: str) -> str: ...
    def picture(self, address: str) -> str: ...


class Passkeys(Protocol):
    """The ceremonies of WebAuthn: what browsers are asked, and whether what they answer holds."""

    def registration(
        self, challenge: bytes, user_id: str, user_name: str, known: Iterable[PasskeySecret]
    ) -> dict[str, Any]: ...
    def registered(
        self, credential: Mapping[str, Any], challenge: bytes
    ) -> PasskeySecret | None: ...
    def request(
        self, challenge: bytes, known: Iterable[PasskeySecret], *, alone: bool
    ) -> dict[str, Any]: ...
    def asserted(
        self,
        secret: PasskeySecret,
        credential: Mapping[str, Any],
        challenge: bytes,
        *,
        alone: bool,
    ) -> PasskeySecret | None: ...
    def owner(self, credential: Mapping[str, Any]) -> str: ...
