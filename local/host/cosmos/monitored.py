"""What a Cosmos DB trigger monitors, where its lease is, and through which connection settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure.cosmos.aio import CosmosClient

from local.host.failures import IndexFailed
from local.host.index import IndexedFunction

DEFAULT_CONNECTION = "CosmosDB"
PAGE = 100
POLL_DELAY_MS = 5000


@dataclass(frozen=True)
class Place:
    """A container, by the setting of its account."""

    connection: str
    database: str
    container: str


@dataclass(frozen=True)
class Monitored:
    """A trigger's container and how its changes are to be read."""

    source: Place
    leases: Place
    lease_prefix: str
    create_leases: bool
    from_beginning: bool
    poll_delay_s: float
    page_size: int

    @property
    def lease_id(self) -> str:
        """The id of the lease document: one per prefix and monitored container."""
        return f"{self.lease_prefix}{self.source.database}_{self.source.container}..0"


def monitored(function: IndexedFunction, settings: Mapping[str, str]) -> Monitored:
    """Raises IndexFailed when a name or a connection setting is missing."""
    trigger = function.trigger
    connection = str(trigger.get("connection") or DEFAULT_CONNECTION)
    lease_connection = str(trigger.get("leaseConnection") or connection)
    for setting in (connection, lease_connection):
        if not (settings.get(setting) or settings.get(f"{setting}__accountEndpoint")):
            raise IndexFailed(
                f"Function {function.name}: neither setting {setting} nor "
                f"{setting}__accountEndpoint exists."
            )
    database = str(trigger.get("databaseName") or "")
    container = str(trigger.get("containerName") or "")
    if not database or not container:
        raise IndexFailed(f"Function {function.name}: no database or no container is named.")
    return Monitored(
        source=Place(connection, database, container),
        leases=Place(
            lease_connection,
            str(trigger.get("leaseDatabaseName") or database),
            str(trigger.get("leaseContainerName") or "leases"),
        ),
        lease_prefix=str(trigger.get("leaseContainerPrefix") or ""),
        create_leases=bool(trigger.get("createLeaseContainerIfNotExists", False)),
        from_beginning=bool(trigger.get("startFromBeginning", False)),
        poll_delay_s=float(trigger.get("feedPollDelay") or POLL_DELAY_MS) / 1000,
        page_size=int(trigger.get("maxItemsPerInvocation") or PAGE),
    )


def client(connection: str, settings: Mapping[str, str]) -> CosmosClient:
    """A client for the account of a connection setting; the caller closes it."""
    text = settings.get(connection)
    # The listener has its own patience with an account that is away.
    patience: dict[str, Any] = {"retry_total": 1, "connection_timeout": 5}
    if text:
        return CosmosClient.from_connection_string(text, **patience)
    endpoint = settings[f"{connection}__accountEndpoint"]
    key = settings.get(f"{connection}__accountKey")
    if key:
        return CosmosClient(endpoint, key, **patience)
    from azure.identity.aio import DefaultAzureCredential

    return CosmosClient(endpoint, DefaultAzureCredential(), **patience)
