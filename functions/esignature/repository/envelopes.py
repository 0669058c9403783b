"""Envelopes in Cosmos DB, each in a partition of its own, and the list of tenants that have any."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from functions.esignature.domain.envelope import Envelope, EnvelopeStatus
from functions.esignature.domain.tenants import TENANTS, TenantWithEnvelopes
from shared.identity.keyring import SYSTEM_TENANT
from shared.platform.clock import Clock
from shared.records.clashes import Exists
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy


CONCERNED = '(c.created_by = @user OR ARRAY_CONTAINS(c.signers, {"user_id": @user}, true))'


class CosmosEnvelopes(CosmosDocuments[Envelope]):
    """All queries are within one tenant."""

    async def listed(
        self, tenant_id: str, status: EnvelopeStatus | None, after: str | None, limit: int
    ) -> list[Stored[Envelope]]:
        condition, values = _with_status(status)
        return await self.where(tenant_id, condition, values, after=after, limit=limit)

    async def concerning(
        self,
        tenant_id: str,
        user_id: str,
        status: EnvelopeStatus | None,
        after: str | None,
        limit: int,
    ) -> list[Stored[Envelope]]:
        condition, values = _with_status(status)
        condition = f"{condition} AND {CONCERNED}"
        values["@user"] = user_id
        return await self.where(tenant_id, condition, values, after=after, limit=limit)

    async def overdue(
        self, tenant_id: str, at: datetime, after: str | None, limit: int
    ) -> list[Stored[Envelope]]:
        values = {"@status": str(EnvelopeStatus.SENT), "@at": _written(at)}
        condition = "c.status = @status AND c.expires_at <= @at"
        return await self.where(tenant_id, condition, values, after=after, limit=limit)

    async def unsealed(
        self, tenant_id: str, requested_before: datetime, after: str | None, limit: int
    ) -> list[Stored[Envelope]]:
        values = {"@status": str(EnvelopeStatus.SEALING), "@at": _written(requested_before)}
        condition = "c.status = @status AND c.seal_requested_at <= @at"
        return await self.where(tenant_id, condition, values, after=after, limit=limit)


class CosmosTenants:
    """Timers must reach the envelopes of every tenant, and no query may cross tenants.

    So each tenant that sends its first envelope is noted in one partition of the system tenant,
    before the envelope is sent: a tenant too many costs one empty query an hour, one too few would
    leave envelopes open for ever. What was noted is remembered, so that it costs one write for
    each tenant and process.
    """

    def __init__(self, container: "ContainerProxy", now: Clock) -> None:
        self._documents = CosmosDocuments(container, TenantWithEnvelopes, now)
        self._now = now
        self._noted: set[str] = set()

    async def note(self, tenant_id: str) -> None:
        if tenant_id in self._noted:
            return
        document = TenantWithEnvelopes(id=tenant_id, tenant_id=SYSTEM_TENANT, noted_at=self._now())
        with suppress(Exists):
            await self._documents.save(Stored(document), "note tenant with envelopes")
        self._noted.add(tenant_id)

    async def all(self) -> list[str]:
        found = await self._documents.where(SYSTEM_TENANT, key=TENANTS)
        return [stored.document.id for stored in found]


def _with_status(status: EnvelopeStatus | None) -> tuple[str, dict[str, str]]:
    return ("true", {}) if status is None else ("c.status = @status", {"@status": str(status)})


def _written(at: datetime) -> str:
    """As times are kept: whole seconds, so that texts compare as the times do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
