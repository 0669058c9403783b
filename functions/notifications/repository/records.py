"""People, contacts, inboxes and deliveries in Cosmos DB."""

from datetime import datetime

from functions.notifications.domain.deliveries import Delivery, DeliveryStatus
from functions.notifications.domain.inbox import Notification
from functions.notifications.domain.people import Contact, Person
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored

COUNT_UNREAD = (
    "SELECT VALUE COUNT(1) FROM c WHERE c.tenant_id = @tenant AND c.kind = 'Notification' "
    "AND IS_NULL(c.read_at)"
)
# The one question asked across tenants: where to look, and nothing of what is there.
STUCK = (
    "SELECT c.tenant_id, c.id FROM c WHERE c.kind = 'Delivery' "
    "AND (c.status = 'pending' OR c.status = 'sending') AND c.changed_at < @before "
    "OFFSET 0 LIMIT 200"
)


class CosmosPeople(CosmosDocuments[Person]):
    """Each user in the partition that their notifications are in too."""


class CosmosContacts(CosmosDocuments[Contact]):
    """Each contact in a partition of its own."""

    async def listed(
        self, tenant_id: str, name: str | None, after: str | None, limit: int
    ) -> list[Stored[Contact]]:
        """`name` is how the name begins, in any case."""
        condition = "" if name is None else "STARTSWITH(c.name, @name, true)"
        values = {} if name is None else {"@name": name}
        return await self.where(tenant_id, condition, values, after=after, limit=limit)

    async def with_address(
        self, tenant_id: str, email: str | None, phone: str | None
    ) -> Contact | None:
        """The newest with this e-mail address or phone number."""
        condition = "c.email = @email OR c.phone = @phone"
        values = {"@email": (email or "-").lower(), "@phone": phone or "-"}
        found = await self.where(tenant_id, condition, values, limit=1)
        return found[0].document if found else None


class CosmosInbox(CosmosDocuments[Notification]):
    """The notifications of each user in one partition."""

    async def of(
        self, tenant_id: str, user_id: str, unread: bool | None, after: str | None, limit: int
    ) -> list[Stored[Notification]]:
        wanted = {None: "", True: "IS_NULL(c.read_at)", False: "NOT IS_NULL(c.read_at)"}
        return await self.where(tenant_id, wanted[unread], key=user_id, after=after, limit=limit)

    async def unread(self, tenant_id: str, user_id: str) -> int:
        found = self._container.query_items(
            COUNT_UNREAD,
            parameters=[{"name": "@tenant", "value": tenant_id}],
            partition_key=[tenant_id, user_id],
        )
        counts = [int(str(count)) async for count in found]
        return sum(counts)


class CosmosDeliveries(CosmosDocuments[Delivery]):
    """Each delivery in a partition of its own."""

    async def listed(
        self, tenant_id: str, status: DeliveryStatus | None, after: str | None, limit: int
    ) -> list[Stored[Delivery]]:
        condition = "" if status is None else "c.status = @status"
        values = {} if status is None else {"@status": status}
        return await self.where(tenant_id, condition, values, after=after, limit=limit)

    async def to_user(self, tenant_id: str, user_id: str) -> list[Stored[Delivery]]:
        """Those that say to whom they went."""
        return await self.where(
            tenant_id, "c.user_id = @user AND c['to'] != ''", {"@user": user_id}
        )

    async def open_since(self, before: datetime) -> list[tuple[str, str]]:
        """(tenant_id, id) of deliveries that are neither ended nor changed since then."""
        moment = before.isoformat().replace("+00:00", "Z")
        found = self._container.query_items(
            STUCK, parameters=[{"name": "@before", "value": moment}]
        )
        return [(item["tenant_id"], item["id"]) async for item in found]
