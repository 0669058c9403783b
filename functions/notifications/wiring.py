"""How notifications are put together. The one file here that knows which classes are real."""

from typing import TYPE_CHECKING

from functions.notifications.domain.channels import Channel
from functions.notifications.domain.deliveries import Delivery
from functions.notifications.domain.inbox import Notification
from functions.notifications.domain.people import Contact, Person
from functions.notifications.repository.email import AzureEmail, email_client
from functions.notifications.repository.records import (
    CosmosContacts,
    CosmosDeliveries,
    CosmosInbox,
    CosmosPeople,
)
from functions.notifications.repository.sms import AzureSms, sms_client
from functions.notifications.repository.writing import JinjaWriter
from functions.notifications.service.contacts import ContactsService
from functions.notifications.service.forgetting import ForgettingService
from functions.notifications.service.inbox import InboxService
from functions.notifications.service.notifying import NotifyingService
from functions.notifications.service.reconciling import ReconcilingService
from functions.notifications.service.sending import SendingService
from shared.platform import clients, clock
from shared.platform.clients import NotConfigured, container
from shared.platform.settings import settings
from shared.provided import Provided
from shared.records.forgetting import Forgetting

if TYPE_CHECKING:
    from azure.core.credentials import AzureKeyCredential
    from azure.core.credentials_async import AsyncTokenCredential

HERE = "notifications"

people = Provided(lambda: CosmosPeople(container(HERE), Person, clock.now))
contact_records = Provided(lambda: CosmosContacts(container(HERE), Contact, clock.now))
inbox_records = Provided(lambda: CosmosInbox(container(HERE), Notification, clock.now))
deliveries = Provided(lambda: CosmosDeliveries(container(HERE), Delivery, clock.now))


def _endpoint() -> str:
    endpoint = settings().communication_endpoint
    if not endpoint:
        raise NotConfigured("The setting COMMUNICATION__endpoint is missing.")
    return endpoint


def _credential() -> "AzureKeyCredential | AsyncTokenCredential":
    """A key where there is one (local), else the app's identity."""
    from azure.core.credentials import AzureKeyCredential

    key = settings().communication_key
    return AzureKeyCredential(key) if key else clients.credential()


email = Provided(
    lambda: AzureEmail(email_client(_endpoint(), _credential()), settings().email_sender)
)
sms = Provided(lambda: AzureSms(sms_client(_endpoint(), _credential()), settings().sms_sender))

contacts = Provided(lambda: ContactsService(contact_records(), clock.now))
inbox = Provided(lambda: InboxService(inbox_records(), people(), clock.now))
notifying = Provided(
    lambda: NotifyingService(
        people(), contact_records(), inbox_records(), deliveries(), JinjaWriter(), clock.now
    )
)
forgetting = Provided(
    lambda: ForgettingService(people(), deliveries(), Forgetting(container(HERE)), clock.now)
)
sending = Provided(
    lambda: SendingService(deliveries(), {Channel.EMAIL: email(), Channel.SMS: sms()}, clock.now)
)
reconciling = Provided(lambda: ReconcilingService(deliveries(), clock.now))
