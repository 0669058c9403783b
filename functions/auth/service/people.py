"""Users: created, changed, disabled."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from functions.auth.domain.departments import door_of
from functions.auth.domain.granting import must_hold
from functions.auth.domain.refusals import (
    AlreadySetUp,
    EmailTaken,
    OwnAdministration,
    UnknownDepartment,
)
from functions.auth.domain.user import USERS, FirstAdministrator, User, email_owner
from functions.auth.models import FIRST_TENANT
from functions.auth.models.users import ChangeMe, ChangeUser, CreateUser, SetUp
from functions.auth.service.administration import Administration
from functions.auth.service.notices import noticed
from functions.auth.service.passwords import PasswordService
from functions.auth.service.ports import Users
from shared.contracts import Told
from shared.contracts.auth import Notice, UserDisabled
from shared.identity.caller import Caller
from shared.identity.permissions import Role, permissions_of
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.clashes import Needed, Taken
from shared.records.document import Beside, Stored

FIRST_PASSWORD_LIVES = timedelta(days=3)
NEVER_EMPTY = ("name", "roles", "active")


class PeopleService:
    """Users of a tenant."""

    def __init__(
        self,
        users: Users,
        passwords: PasswordService,
        administration: Administration,
        now: Clock,
    ) -> None:
        self._users = users
        self._administration = administration
        self._passwords = passwords
        self._now = now

    async def set_up(self, wish: SetUp) -> tuple[Stored[User], str]:
        """The first tenant's first administrator and the password. Raises AlreadySetUp."""
        create = CreateUser(email=wish.email, name=wish.name, roles=frozenset({Role.ADMIN}))
        user, password = await self._new(FIRST_TENANT, create)
        user = user.model_copy(update={"must_change_password": False})
        first = FirstAdministrator(
            id="first-administrator", tenant_id=FIRST_TENANT, user_id=user.id
        )
        try:
            return await self.add(user, "create user", Beside(first, exists="taken")), password
        except EmailTaken as error:
            raise AlreadySetUp("The first administrator exists.") from error

    async def create(self, caller: Caller, wish: CreateUser) -> tuple[Stored[User], str | None]:
        """The user, and the password if it was generated.

        Raises EmailTaken, WeakPassword, UnknownDepartment or RightsNotHeld.
        """
        must_hold(caller, permissions_of(wish.roles))
        user, password = await self._new(caller.tenant_id, wish)
        return await self.add(user, "create user"), None if wish.password else password

    async def add(self, user: User, action: str, *more: Beside) -> Stored[User]:
        """One Cosmos call. Raises EmailTaken, or Exists for one with this id, or
        UnknownDepartment."""
        owner = Beside(email_owner(user), exists="taken")
        beside = (owner, *_coming_in(None, user), *more)
        try:
            return await self._users.save(
                Stored(user), action, user.told(self._now()), beside=beside
            )
        except Needed as error:
            raise _unknown_department(user) from error
        except Taken as error:
            raise EmailTaken(f"{user.email} belongs to another user.") from error

    async def change(
        self, caller: Caller, user_id: str, wish: ChangeUser, if_match: str | None
    ) -> Stored[User]:
        """Raises Missing, Stale, RightsNotHeld, and what `become` raises."""
        stored = (await self._users.get(caller.tenant_id, user_id, USERS)).matching(if_match)
        must_hold(caller, permissions_of((wish.roles or frozenset()) - stored.document.roles))
        return await self.become(stored, _update(wish), caller.id, "change user")

    async def change_me(self, caller: Caller, wish: ChangeMe, if_match: str | None) -> Stored[User]:
        """Raises Stale."""
        stored = (await self._users.get(caller.tenant_id, caller.id, USERS)).matching(if_match)
        return await self.become(stored, _update(wish), caller.id, "change profile")

    async def become(
        self, stored: Stored[User], update: Mapping[str, Any], by: str, action: str
    ) -> Stored[User]:
        """Tokens of rights that are taken away are refused everywhere within seconds.

        Raises Stale, OwnAdministration, LastAdministrator or UnknownDepartment.
        """
        before = stored.document
        if before.id == by and _gives_up_administration(update):
            raise OwnAdministration("Another administrator has to take this away from you.")
        user = before.changed(**update)
        other_rights = user.rights_version != before.rights_version
        beside = await self._administration.may_become(before, user)
        beside += (Beside(user.revocation()),) if other_rights else ()
        beside += _coming_in(before, user)
        told = _told(before, user, self._now())
        try:
            return await self._users.save(stored.now(user), action, *told, beside=beside)
        except Needed as error:
            raise _unknown_department(user) from error

    async def _new(self, tenant_id: str, wish: CreateUser) -> tuple[User, str]:
        password, now = wish.password or secrets.token_urlsafe(15), self._now()
        user = User(
            id=new_id(),
            tenant_id=tenant_id,
            email=wish.email,
            name=wish.name,
            phone=wish.phone,
            roles=wish.roles,
            locale=wish.locale,
            time_zone=wish.time_zone,
            department_id=wish.department_id,
            external_id=wish.external_id,
            password_hash=await self._passwords.hashed(password, wish.email, wish.name),
            password_expires_at=None if wish.password else now + FIRST_PASSWORD_LIVES,
            must_change_password=wish.password is None,
            created_at=now,
        )
        return user, password


def _told(before: User, user: User, at: datetime) -> list[Told]:
    """What others keep of them, and what they themselves must hear of."""
    told: list[Told] = [user.told(at)]
    if before.active and not user.active:
        told.append(UserDisabled(tenant_id=user.tenant_id, at=at, user_id=user.id))
    if user.phone != before.phone:
        told.append(noticed(user, Notice.PHONE_CHANGED, at, new=user.phone or ""))
    return told


def _update(wish: ChangeUser | ChangeMe) -> dict[str, Any]:
    """What is null empties its field; where that may not be, it changes nothing."""
    given = wish.model_dump(exclude_unset=True)
    return {
        name: each for name, each in given.items() if each is not None or name not in NEVER_EMPTY
    }


def _gives_up_administration(update: Mapping[str, Any]) -> bool:
    return update.get("active") is False or Role.ADMIN not in update.get("roles", {Role.ADMIN})


def _coming_in(before: User | None, user: User) -> tuple[Beside, ...]:
    """The door of their department, which is there as long as the department is."""
    stays = before is not None and before.department_id == user.department_id
    if stays or user.department_id is None:
        return ()
    return (Beside(door_of(user.tenant_id, user.department_id), exists="needed"),)


def _unknown_department(user: User) -> UnknownDepartment:
    problem = f"There is no department {user.department_id}."
    return UnknownDepartment(problem, fields=[{"at": "department_id", "problem": problem}])
