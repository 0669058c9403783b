"""Who knocks and how often in vain: a user by address, and the failures that count against them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from functions.auth.domain.guessing import (
    Failures,
    Knocking,
    account_failures_id,
    address_failures_id,
    first_failure,
)
from functions.auth.domain.user import USERS, User
from shared.contracts.auth import Notice, SecurityNoticed
from shared.records.batch import item_of, outbox_item
from shared.records.several import CosmosSeveral
from shared.telemetry import scope

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy

OF_EMAIL = "(c.kind = 'User' AND c.email = @email) OR c.id IN (@account, @address)"
OF_ID = "c.id IN (@id, @account, @address)"
ATTEMPTS = 3
UNTOLD_S = 60


class CosmosGuesses:
    """Counted by the database itself, so that of many at once none is lost."""

    def __init__(self, container: "ContainerProxy") -> None:
        self._container = container
        self._several = CosmosSeveral(container, User, Failures)

    async def knocking(self, tenant_id: str, email: str, address: str) -> Knocking:
        """One query for all that a login is decided by."""
        account_id = account_failures_id(email)
        return await self._found(tenant_id, OF_EMAIL, {"@email": email}, account_id, address)

    async def of_user(
        self, tenant_id: str, user_id: str, account_id: str, address: str
    ) -> Knocking:
        """The same of a user who is known by their id, and the id of their failures."""
        return await self._found(tenant_id, OF_ID, {"@id": user_id}, account_id, address)

    async def _found(
        self, tenant_id: str, which: str, user: dict[str, str], account_id: str, address: str
    ) -> Knocking:
        address_id = address_failures_id(address)
        values = {**user, "@account": account_id, "@address": address_id}
        found = await self._several.where(tenant_id, which, values, key=USERS)
        account, known = found.one(Failures, account_id), found.one(Failures, address_id)
        return Knocking(
            tenant_id,
            account_id,
            address_id,
            found.one(User),
            account.document if account else None,
            known.document if known else None,
        )

    async def failed(self, knocking: Knocking, at: datetime) -> None:
        """One more, of the account and from the address; while locked, only the time is noted.

        Either way it is one batch, so that an answer does not tell by its time which it was.
        """
        change = _noted(at) if knocking.locked(at) else _counted(at)
        known = {knocking.account_id: knocking.account is not None}
        if knocking.address_id:
            known[knocking.address_id] = knocking.address is not None
        for _ in range(ATTEMPTS):
            lines: list[Any] = [
                ("patch", (name, change), {})
                if there
                else ("create", (item_of(first_failure(knocking.tenant_id, name, at)),), {})
                for name, there in known.items()
            ]
            lines += [("create", (item,), {}) for item in _told(knocking, at)]
            wrong = await self._written(knocking.tenant_id, lines)
            if wrong is None:
                return
            name = list(known)[wrong]  # meanwhile it was made, or forgotten
            known[name] = not known[name]

    async def forgotten(self, knocking: Knocking) -> None:
        """The owner got in: what failed before counts no more against the account."""
        await self._written(knocking.tenant_id, [("delete", (knocking.account_id,), {})])

    async def _written(self, tenant_id: str, lines: list[Any]) -> int | None:
        """None when all was written, else which line found its document there, or not there."""
        from azure.cosmos.exceptions import CosmosBatchOperationError

        try:
            await self._container.execute_item_batch(lines, partition_key=[tenant_id, USERS])
        except CosmosBatchOperationError as error:
            if error.status_code not in (404, 409):
                raise
            return int(error.error_index)
        return None


def _told(knocking: Knocking, at: datetime) -> list[dict[str, Any]]:
    """That somebody tries passwords, to the owner of the account. Where it has none, something as
    large is written and nobody is told."""
    if not knocking.locks(at):
        return []
    user = knocking.user.document if knocking.user else None
    notice = SecurityNoticed(
        tenant_id=knocking.tenant_id,
        at=at,
        user_id=user.id if user else "",
        notice=Notice.LOGIN_LOCKED,
    )
    kind = "outbox" if user else "Untold"
    marker = {"id": f"{kind}:{notice.id}", "tenant_id": knocking.tenant_id, "key": USERS}
    more = {"kind": kind, "ttl": notice.kept_s if user else UNTOLD_S}
    return [marker | more | outbox_item(notice, notice.user_id, scope.current())]


def _counted(at: datetime) -> list[dict[str, object]]:
    return [
        {"op": "incr", "path": "/count", "value": 1},
        {"op": "set", "path": "/failed_at", "value": at.isoformat()},
    ]


def _noted(at: datetime) -> list[dict[str, object]]:
    return [{"op": "set", "path": "/refused_at", "value": at.isoformat()}]
