"""What the use cases of notifications need."""

from datetime import datetime
from typing import Protocol

from functions.notifications.domain.channels import Channel, Locale, Template
from functions.notifications.domain.deliveries import Delivery, Rendered
from functions.notifications.domain.inbox import Notification
from functions.notifications.domain.people import Contact, Person
from functions.notifications.domain.wanted import Variables
from shared.records.document import Documents, Stored


class People(Documents[Person], Protocol):
    """Users as auth tells of them."""


class Contacts(Documents[Contact], Protocol):
    """People without a login."""

    async def with_address(
        self, tenant_id: str, email: str | None, phone: str | None
    ) -> Contact | None: ...


class Inbox(Documents[Notification], Protocol):
    """Notifications, each in the partition of its user."""

    async def of(
        self, tenant_id: str, user_id: str, unread: bool | None, after: str | None, limit: int
    ) -> list[Stored[Notification]]: ...


class Deliveries(Documents[Delivery], Protocol):
    """E-mails and SMS."""

    async def to_user(self, tenant_id: str, user_id: str) -> list[Stored[Delivery]]: ...
    async def open_since(self, before: datetime) -> list[tuple[str, str]]: ...


class Writer(Protocol):
    """Puts things into words."""

    def write(
        self, template: Template, locale: Locale, channel: Channel, words: Variables
    ) -> Rendered:
        """Raises DoesNotFit."""
        ...


class Messenger(Protocol):
    """One channel's provider."""

    async def send(self, delivery: Delivery) -> str:
        """The provider's id. The same delivery twice is sent once.

        Raises RefusedForGood, or anything else where another attempt may help.
        """
        ...
