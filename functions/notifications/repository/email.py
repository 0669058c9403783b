"""E-mail through Azure Communication Services."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from functions.notifications.domain.deliveries import Delivery
from functions.notifications.domain.failures import RefusedForGood
from functions.notifications.repository.busy import ProviderBusy

if TYPE_CHECKING:
    from azure.communication.email.aio import EmailClient
    from azure.core.credentials import AzureKeyCredential
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.core.polling import AsyncLROPoller

POLL_S = 0.5
PATIENCE_S = 5.0
NEVER = frozenset({400, 413, 422})  # 401 and 403 are for operators, and may be mended
TAKEN_BEFORE = 409


def email_client(
    endpoint: str, credential: "AzureKeyCredential | AsyncTokenCredential"
) -> "EmailClient":
    """Without retries of its own: Service Bus has them, and a message waits there in safety."""
    from azure.communication.email.aio import EmailClient

    return EmailClient(endpoint, credential, retry_total=0, connection_timeout=5, read_timeout=20)


class AzureEmail:
    """The operation has the delivery's id, so that it exists once however often it is begun."""

    def __init__(self, client: "EmailClient", sender: str, patience_s: float = PATIENCE_S) -> None:
        self._client = client
        self._sender = sender
        self._patience_s = patience_s

    async def send(self, delivery: Delivery) -> str:
        """The operation's id, once the service has taken it.

        A refusal that comes within seconds is told; what comes later is in delivery reports.
        Raises RefusedForGood, or ProviderBusy for an answer about another message.
        """
        from azure.core.exceptions import HttpResponseError

        try:
            poller = await self._client.begin_send(
                _message(delivery, self._sender),
                operation_id=delivery.id,
                polling_interval=POLL_S,
            )
        except HttpResponseError as error:
            if error.status_code in NEVER:
                raise RefusedForGood(_reason(error)) from error
            if error.status_code == TAKEN_BEFORE:
                return delivery.id
            raise
        known = await _until_known(poller, self._patience_s)
        if known.get("id", delivery.id).lower() != delivery.id.lower():
            raise ProviderBusy("The provider answered about another e-mail.")
        return delivery.id

    async def close(self) -> None:
        await self._client.close()


async def _until_known(poller: "AsyncLROPoller[Any]", patience_s: float) -> Mapping[str, str]:
    """What the service says of the operation; nothing where that takes longer."""
    from azure.core.exceptions import HttpResponseError
    from azure.core.polling.base_polling import OperationFailed

    try:
        async with asyncio.timeout(patience_s):
            return dict(await poller.result())
    except TimeoutError:
        return {}
    except HttpResponseError as error:
        if isinstance(error.inner_exception, OperationFailed):  # not: asking for it failed
            raise RefusedForGood(_reason(error)) from error
        raise


def _message(delivery: Delivery, sender: str) -> dict[str, object]:
    content = delivery.content
    if content is None:
        raise ValueError("the delivery has ended")
    return {
        "senderAddress": sender,
        "recipients": {
            "to": [{"address": delivery.to, "displayName": delivery.recipient_name or delivery.to}]
        },
        "content": {
            "subject": content.subject,
            "plainText": content.text,
            "html": content.html,
        },
        "userEngagementTrackingDisabled": True,  # a tracker would rewrite links that must not leak
    }


def _reason(error: Any) -> str:
    return str(getattr(error, "message", "") or error)[:300]
