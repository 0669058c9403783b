"""A provider that answers about somebody else's message: ours counts as sent only once it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from azure.core.credentials import AzureKeyCredential

from functions.notifications.domain.channels import Channel, Locale, Template
from functions.notifications.domain.deliveries import Delivery, Rendered
from functions.notifications.repository.busy import ProviderBusy
from functions.notifications.repository.email import AzureEmail, email_client
from functions.notifications.repository.sms import AzureSms, sms_client
from local.communication.authorization import AccessKey
from local.communication.keys import RECORDER
from local.communication.recorder import Recorder, Wanted
from local.communication.server import application
from tests.faults.serving import once, serving
from tests.notifications.conftest import KEY

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
Provider = AzureEmail | AzureSms
WAYS = [
    (Channel.EMAIL, "bob@example.com", "send"),
    (Channel.EMAIL, "bob@example.com", "status"),
    (Channel.SMS, "+4915112345678", "send"),
]


def delivery(channel: Channel, to: str) -> Delivery:
    return Delivery(
        id=str(uuid4()),
        tenant_id="t",
        channel=channel,
        template=Template.SIGNING_REQUESTED,
        locale=Locale.ENGLISH,
        to=to,
        recipient_name="Bob",
        user_id=None,
        about="envelopes/1",
        content=Rendered(subject="Sign", text="Please sign", html="<p>Please sign</p>"),
        created_at=NOON,
        changed_at=NOON,
    )


@asynccontextmanager
async def provider(channel: Channel, operation: str) -> AsyncIterator[tuple[Provider, Recorder]]:
    """Wrong in its first answer to an operation, and right from then on."""
    plan = once("communication", "wrong", operation=operation)
    app = application(AccessKey.of(KEY), None, plan=plan)
    async with serving(app) as url:
        made: Provider = (
            AzureEmail(email_client(url, AzureKeyCredential(KEY)), "donotreply@example.com")
            if channel is Channel.EMAIL
            else AzureSms(sms_client(url, AzureKeyCredential(KEY)), "+14255550100")
        )
        yield made, app[RECORDER]
        await made.close()


@pytest.mark.parametrize(("channel", "to", "operation"), WAYS)
async def test_it_is_handed_over_again_and_sent_once(
    channel: Channel, to: str, operation: str
) -> None:
    wanted = delivery(channel, to)
    async with provider(channel, operation) as (hand_over, recorder):
        with pytest.raises(ProviderBusy, match="about another"):
            await hand_over.send(wanted)
        await hand_over.send(wanted)

        [sent] = recorder.messages(Wanted())
    assert sent["to"][0]["address"] == to
