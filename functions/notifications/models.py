"""What callers send and see of notifications."""

from pydantic import AwareDatetime, ConfigDict, Field

from functions.notifications.domain.channels import Channel, Locale, Template
from functions.notifications.domain.deliveries import DeliveryStatus
from shared.http.fields import Email, Name, Phone
from shared.http.paging import Paging
from shared.model import Model


class Sent(Model):
    model_config = ConfigDict(extra="forbid")


class Seen(Model):
    model_config = ConfigDict(from_attributes=True)


class CreateContact(Sent):
    """At least one of `email` and `phone`. Messages are written in `locale`."""

    name: Name
    company: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    locale: Locale = Locale.ENGLISH


class ChangeContact(Sent):
    """What is left out stays; null takes company, e-mail or phone away."""

    name: Name | None = None
    company: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    locale: Locale | None = None


class ContactView(Seen):
    """Somebody without a login."""

    id: str
    name: str
    company: str | None
    email: str | None
    phone: str | None
    locale: Locale
    created_by: str
    created_at: AwareDatetime


class ContactFilter(Paging):
    """Which contacts to list."""

    name: str | None = Field(None, max_length=200, description="What the name begins with.")


class NotificationView(Seen):
    """`about` is what it concerns, as in `trips/{id}`."""

    id: str
    template: Template
    title: str
    text: str
    about: str
    created_at: AwareDatetime
    read_at: AwareDatetime | None


class NotificationFilter(Paging):
    """Which notifications to list."""

    unread: bool | None = None


class CountView(Seen):
    """How many of the caller's notifications are unread."""

    unread: int


class MarkedView(Seen):
    """How many were marked as read."""

    marked: int


class ChooseLocale(Sent):
    """The language of the caller's messages."""

    locale: Locale


class LocaleView(Seen):
    locale: Locale


class DeliveryView(Seen):
    """An e-mail or SMS. `preview` shows links by their host alone, and ends with the delivery."""

    id: str
    channel: Channel
    template: Template
    locale: Locale
    to: str
    recipient_name: str
    user_id: str | None
    about: str
    status: DeliveryStatus
    attempts: int
    reason: str | None
    created_at: AwareDatetime
    changed_at: AwareDatetime
    sent_at: AwareDatetime | None
    provider_id: str | None
    preview: str | None


class DeliveryFilter(Paging):
    """Which deliveries to list."""

    status: DeliveryStatus | None = None
