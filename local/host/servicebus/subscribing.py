"""What a Service Bus trigger listens to, and through which connection setting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from local.host.failures import IndexFailed
from local.host.index import IndexedFunction
from local.host.servicebus.options import ServiceBusOptions

DEFAULT_CONNECTION = "AzureWebJobsServiceBus"
NAMESPACE = "fullyQualifiedNamespace"


@dataclass(frozen=True)
class Subscribed:
    """A trigger's entity and how its messages are to be handled."""

    connection: str
    queue: str
    topic: str
    subscription: str
    many: bool
    sessions: bool
    auto_complete: bool
    as_bytes: bool


def subscribed(
    function: IndexedFunction, options: ServiceBusOptions, settings: Mapping[str, str]
) -> Subscribed:
    """Raises IndexFailed when the entity or the connection setting is missing."""
    trigger = function.trigger
    connection = str(trigger.get("connection") or DEFAULT_CONNECTION)
    if not (settings.get(connection) or settings.get(f"{connection}__{NAMESPACE}")):
        raise IndexFailed(
            f"Function {function.name}: neither setting {connection} nor "
            f"{connection}__{NAMESPACE} exists."
        )
    if not trigger.get("queueName") and not (
        trigger.get("topicName") and trigger.get("subscriptionName")
    ):
        raise IndexFailed(f"Function {function.name}: no queue and no topic with a subscription.")
    automatic = trigger.get("autoCompleteMessages")
    return Subscribed(
        connection=connection,
        queue=str(trigger.get("queueName") or ""),
        topic=str(trigger.get("topicName") or ""),
        subscription=str(trigger.get("subscriptionName") or ""),
        many=str(trigger.get("cardinality", "one")).lower() == "many",
        sessions=bool(trigger.get("isSessionsEnabled", False)),
        auto_complete=options.auto_complete_messages if automatic is None else bool(automatic),
        as_bytes=str(trigger.get("dataType", "")).lower() == "binary",
    )


class Clients:
    """One SDK client per connection setting, made when it is first needed."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._clients: dict[str, ServiceBusClient] = {}
        self._credential: Any = None

    def receiver(self, subscribed: Subscribed, **options: Any) -> ServiceBusReceiver:
        """A receiver that is not open yet."""
        client = self._client(subscribed.connection)
        if subscribed.queue:
            return client.get_queue_receiver(subscribed.queue, **options)
        return client.get_subscription_receiver(
            subscribed.topic, subscribed.subscription, **options
        )

    async def close(self) -> None:
        """Close every client."""
        for client in self._clients.values():
            await client.close()
        if self._credential is not None:
            await self._credential.close()

    def _client(self, connection: str) -> ServiceBusClient:
        if connection not in self._clients:
            self._clients[connection] = self._connect(connection)
        return self._clients[connection]

    def _connect(self, connection: str) -> ServiceBusClient:
        # The listeners have their own patience with a broker that is away.
        text = self._settings.get(connection)
        if text:
            return ServiceBusClient.from_connection_string(text, retry_total=0)
        from azure.identity.aio import DefaultAzureCredential

        self._credential = self._credential or DefaultAzureCredential()
        namespace = self._settings[f"{connection}__{NAMESPACE}"]
        return ServiceBusClient(namespace, self._credential, retry_total=0)
