"""SMS through Azure Communication Services."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from functions.notifications.domain.deliveries import Delivery
from functions.notifications.domain.failures import RefusedForGood
from functions.notifications.repository.busy import ProviderBusy

if TYPE_CHECKING:
    from azure.communication.sms.aio import SmsClient
    from azure.core.credentials import AzureKeyCredential
    from azure.core.credentials_async import AsyncTokenCredential

NEVER = frozenset({400, 404, 413, 422})
_sending: ContextVar[Delivery] = ContextVar("sending")


def sms_client(
    endpoint: str, credential: "AzureKeyCredential | AsyncTokenCredential"
) -> "SmsClient":
    """Without retries of its own: Service Bus has them, and a message waits there in safety."""
    from azure.communication.sms.aio import SmsClient

    return SmsClient(
        endpoint,
        credential,
        retry_total=0,
        connection_timeout=5,
        read_timeout=20,
        per_call_policies=[_repeatable()()],
    )


class AzureSms:
    """The request has the delivery's id, so that it has one effect however often it is sent."""

    def __init__(self, client: "SmsClient", sender: str) -> None:
        self._client = client
        self._sender = sender

    async def send(self, delivery: Delivery) -> str:
        """The message's id at the provider. Raises RefusedForGood, or ProviderBusy; that too
        for an answer about another message, after which nobody knows what became of this one.
        """
        from azure.core.exceptions import HttpResponseError

        if delivery.content is None:
            raise ValueError("the delivery has ended")
        try:
            with _as(delivery):
                [result] = await self._client.send(self._sender, delivery.to, delivery.content.text)
        except HttpResponseError as error:
            if error.status_code in NEVER:
                raise RefusedForGood(str(error.message)[:300]) from error
            raise
        if _digits(result.to) != _digits(delivery.to):
            raise ProviderBusy("The provider answered about another recipient.")
        if result.successful:
            return str(result.message_id)
        reason = str(result.error_message or f"status {result.http_status_code}")[:300]
        if result.http_status_code in NEVER:
            raise RefusedForGood(reason)
        raise ProviderBusy(reason)

    async def close(self) -> None:
        await self._client.close()


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


@contextmanager
def _as(delivery: Delivery) -> Generator[None]:
    token = _sending.set(delivery)
    try:
        yield
    finally:
        _sending.reset(token)


@cache
def _repeatable() -> Any:
    """A policy for the SDK's pipeline: it makes up a new id in every call, so a call that is made
    again after a crash would send again. Ours are the delivery's. Stands before the signature.
    """
    from azure.core.pipeline import PipelineRequest
    from azure.core.pipeline.policies import SansIOHTTPPolicy

    class Repeatable(SansIOHTTPPolicy[Any, Any]):
        def on_request(self, request: PipelineRequest[Any]) -> None:
            delivery, http = _sending.get(), request.http_request
            first = delivery.first_try_at or delivery.created_at
            body = json.loads(http.body)
            for recipient in body["smsRecipients"]:
                recipient["repeatabilityRequestId"] = delivery.id
                recipient["repeatabilityFirstSent"] = format_datetime(first, usegmt=True)
            http.body = json.dumps(body)
            http.headers["Content-Length"] = str(len(http.body.encode()))

    return Repeatable
