"""When API keys were last used, in Cosmos DB."""

from datetime import datetime
from typing import TYPE_CHECKING

from shared.identity.caller import Caller
from shared.identity.service_accounts import KeyUse
from shared.records.batch import item_of
from shared.telemetry.logs import warn

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy


class CosmosKeyUses:
    """One small document for each key."""

    def __init__(self, container: "ContainerProxy") -> None:
        self._container = container

    async def note(self, caller: Caller, key_id: str, at: datetime) -> None:
        use = KeyUse(
            id=f"use:{key_id}",
            tenant_id=caller.tenant_id,
            account_id=caller.id,
            key_id=key_id,
            at=at,
        )
        try:
            await self._container.upsert_item(item_of(use))
        except Exception as error:  # noqa: BLE001 - nobody is refused for a note
            warn("auth.key_use_not_noted", key=key_id, error=type(error).__name__)
