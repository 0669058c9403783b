"""The rows of an import: each becomes a user, changes one, or says what is wrong with it."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from functions.auth.domain.departments import Departments
from functions.auth.domain.imports import Existing, Import, Outcome, Problem, Result, Row
from functions.auth.domain.user import User
from functions.auth.models.imports import ImportedUser
from functions.auth.service.departments import DepartmentService
from functions.auth.service.people import PeopleService
from functions.auth.service.ports import Users
from shared.errors import Refusal
from shared.identity.permissions import Role
from shared.platform.clock import Clock
from shared.records.clashes import Exists
from shared.records.document import Stored
from shared.records.rereading import until_fresh

AT_ONCE = 8
OF_THE_ROW_ALONE = {"department", "password_hash", "email"}


class UsersKept(Users, Protocol):
    """Users, found by many addresses at once."""

    async def with_emails(self, tenant_id: str, emails: list[str]) -> dict[str, Stored[User]]: ...


class KnownHashes(Protocol):
    """Password hashes, also of other makers."""

    async def hash(self, password: str) -> str: ...
    def known(self, password_hash: str) -> bool: ...


@dataclass(frozen=True)
class Known:
    """What the rows of a chunk are compared with. `no_password` is a hash that nothing fits."""

    users: Mapping[str, Stored[User]]
    departments: Departments
    no_password: str


class RowProblem(Exception):
    """A row that cannot become anything, and why."""

    def __init__(self, at: str, problem: str) -> None:
        super().__init__(problem)
        self.problem = Problem(at=at, problem=problem)


class RowService:
    """Safe to repeat: a new user's id follows from the row, and the same change twice is one."""

    def __init__(
        self,
        users: UsersKept,
        people: PeopleService,
        departments: DepartmentService,
        hashes: KnownHashes,
        now: Clock,
    ) -> None:
        self._users = users
        self._people = people
        self._departments = departments
        self._hashes = hashes
        self._now = now

    async def worked_off(self, run: Import, rows: Sequence[Row]) -> list[Result]:
        """In their order. A few Cosmos calls, and one or two for each row that changes anything."""
        wishes = [_read(row) for row in rows]
        known = await self._known(run, [each for each in wishes if isinstance(each, ImportedUser)])
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(row: Row, wish: ImportedUser | tuple[Problem, ...]) -> Result:
            if not isinstance(wish, ImportedUser):
                return Result(line=row.line, outcome=Outcome.FAILED, problems=wish)
            async with turn:
                return await self._result(run, row.line, wish, known)

        return list(await asyncio.gather(*map(one, rows, wishes)))

    async def _known(self, run: Import, wishes: Sequence[ImportedUser]) -> Known:
        emails = [wish.email for wish in wishes]
        asked = any(wish.department or wish.department_id for wish in wishes)
        return Known(
            await self._users.with_emails(run.tenant_id, emails) if emails else {},
            await self._departments.all(run.tenant_id) if asked else Departments(()),
            await self._hashes.hash(secrets.token_urlsafe(32)),
        )

    async def _result(self, run: Import, line: int, wish: ImportedUser, known: Known) -> Result:
        try:
            outcome, user_id = await self._done(run, line, wish, known)
        except RowProblem as error:
            return Result(line=line, outcome=Outcome.FAILED, problems=(error.problem,))
        except Refusal as error:
            problem = Problem(at=_field(error), problem=str(error))
            return Result(line=line, outcome=Outcome.FAILED, problems=(problem,))
        return Result(line=line, outcome=outcome, user_id=user_id)

    async def _done(
        self, run: Import, line: int, wish: ImportedUser, known: Known
    ) -> tuple[Outcome, str | None]:
        """Raises RowProblem, or what saving raises."""
        update = self._checked(run, wish, known)
        there = known.users.get(wish.email)
        if there is None:
            return await self._create(run, run.user_id(line), update, wish, known)
        if there.document.id == run.user_id(line):
            return Outcome.CREATED, there.document.id  # by an attempt before
        if run.existing is Existing.REPORT:
            raise RowProblem("email", "a user has this e-mail address already")
        if run.existing is Existing.SKIP:
            return Outcome.SKIPPED, there.document.id
        return await self._update(run, there, update)

    def _checked(self, run: Import, wish: ImportedUser, known: Known) -> dict[str, Any]:
        """What stands in the row, to be set. Raises RowProblem."""
        update = wish.model_dump(exclude_none=True, exclude=OF_THE_ROW_ALONE)
        if beyond := sorted(update.get("roles", frozenset()) - run.may_give):
            raise RowProblem("roles", f"whoever imports may not give {', '.join(beyond)}")
        if wish.password_hash is not None and not self._hashes.known(wish.password_hash):
            raise RowProblem("password_hash", "not a hash of pbkdf2_sha256, bcrypt or argon2id")
        if wish.department is not None:
            update["department_id"] = _department_at(wish.department, known)
        elif wish.department_id is not None and not known.departments.has(wish.department_id):
            raise RowProblem("department_id", "there is no such department")
        return update

    async def _create(
        self,
        run: Import,
        user_id: str,
        update: dict[str, Any],
        wish: ImportedUser,
        known: Known,
    ) -> tuple[Outcome, str | None]:
        if wish.name is None:
            raise RowProblem("name", "a new user needs a name")
        if run.dry_run:
            return Outcome.CREATED, None
        user = User(
            id=user_id,
            tenant_id=run.tenant_id,
            email=wish.email,
            password_hash=wish.password_hash or known.no_password,
            created_at=self._now(),
            **{"roles": frozenset({Role.MEMBER}), **update},
        )
        with suppress(Exists):  # made by an attempt before, and its address changed since
            await self._people.add(user, "import user")
        return Outcome.CREATED, user_id

    async def _update(
        self, run: Import, there: Stored[User], update: dict[str, Any]
    ) -> tuple[Outcome, str | None]:
        """From whatever they have become meanwhile."""
        before = there.document
        if all(getattr(before, name) == value for name, value in update.items()):
            return Outcome.UNCHANGED, before.id
        if not run.dry_run:

            async def attempt() -> None:
                stored = await self._users.get(before.tenant_id, before.id, before.key)
                await self._people.become(stored, update, run.started_by, "import user")

            await until_fresh(attempt)
        return Outcome.UPDATED, before.id


def _read(row: Row) -> ImportedUser | tuple[Problem, ...]:
    if row.problem:
        return (Problem(at="", problem=row.problem),)
    try:
        return ImportedUser.model_validate(row.values)
    except ValidationError as error:
        return tuple(
            Problem(at=".".join(str(part) for part in each["loc"]), problem=each["msg"])
            for each in error.errors(include_url=False, include_context=False, include_input=False)
        )


def _department_at(path: str, known: Known) -> str:
    found = known.departments.at(path)
    if found is None:
        raise RowProblem("department", "there is no department with this path")
    return found.id


def _field(error: Refusal) -> str:
    return "email" if error.code == "email-taken" else error.code
