"""One e-mail or SMS and what becomes of it. Pure."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime, ConfigDict

from functions.notifications.domain.channels import Channel, Locale, Template
from functions.notifications.domain.masking import masked
from shared.contracts.notifications import MessageSent, SendMessage
from shared.model import Model
from shared.records.document import Document

KEPT_S = 400 * 24 * 60 * 60
MOST_REQUEUED = 6


class DeliveryStatus(StrEnum):
    """`sending` may mean that a process died while it asked the provider; `unknown` that nobody
    could find out whether the message left."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


OPEN = frozenset({DeliveryStatus.PENDING, DeliveryStatus.SENDING})


class Rendered(Model):
    """A message in words: e-mails have all three, an SMS has its text alone."""

    model_config = ConfigDict(frozen=True)

    subject: str = ""
    text: str
    html: str | None = None


class Delivery(Document):
    """`content` may hold a link that is the recipient's alone: it goes when the delivery ends.

    Where it holds a secret, nobody is shown any of it, and it is of no use from `secret_until` on.
    """

    hidden: ClassVar[frozenset[str]] = frozenset({"content"})
    personal: ClassVar[frozenset[str]] = frozenset({"to", "recipient_name"})

    channel: Channel
    template: Template
    locale: Locale
    to: str
    recipient_name: str
    user_id: str | None
    about: str
    secret_until: AwareDatetime | None = None
    content: Rendered | None
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: int = 0
    requeued: int = 0
    created_at: AwareDatetime
    changed_at: AwareDatetime
    first_try_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    provider_id: str | None = None
    reason: str | None = None
    ttl: int | None = KEPT_S

    @property
    def preview(self) -> str | None:
        """The text without what only its recipient may see."""
        if self.content is None or self.secret_until is not None:
            return None
        return masked(self.content.text)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def too_late(self, at: datetime) -> bool:
        """Whether its secret has expired, so that nobody needs it any more."""
        return self.secret_until is not None and at >= self.secret_until

    def ended_too_late(self, at: datetime) -> "Delivery":
        """`unknown` if it was ever handed to the provider."""
        reason = "Its link or code had expired."
        status = DeliveryStatus.UNKNOWN if self.attempts else DeliveryStatus.FAILED
        return self._ended(status, reason, at)

    def claimed(self, at: datetime) -> "Delivery":
        """About to be handed to the provider, perhaps again."""
        return self.model_copy(
            update={
                "status": DeliveryStatus.SENDING,
                "attempts": self.attempts + 1,
                "first_try_at": self.first_try_at or at,
                "changed_at": at,
            }
        )

    def sent(self, provider_id: str, at: datetime) -> "Delivery":
        ended = self._ended(DeliveryStatus.SENT, None, at)
        return ended.model_copy(update={"sent_at": at, "provider_id": provider_id})

    def failed(self, reason: str, at: datetime) -> "Delivery":
        return self._ended(DeliveryStatus.FAILED, reason, at)

    def forgotten(self, at: datetime) -> "Delivery":
        """Of somebody who was deleted: what waits is not sent, and nobody sees to whom it went."""
        ended = self.failed("Its recipient was deleted.", at) if self.is_open else self
        return ended.model_copy(update={"to": "", "recipient_name": "", "content": None})

    def tried_again(self, at: datetime) -> "Delivery":
        """Queued anew, or given up: `unknown` if it was ever handed to the provider."""
        if self.too_late(at):
            return self.ended_too_late(at)
        if self.requeued < MOST_REQUEUED:
            return self.model_copy(update={"requeued": self.requeued + 1, "changed_at": at})
        if self.attempts == 0:
            return self.failed("It was never attempted.", at)
        return self._ended(DeliveryStatus.UNKNOWN, "The provider never answered.", at)

    def asked(self, at: datetime) -> SendMessage:
        """The job that sends it."""
        return SendMessage(tenant_id=self.tenant_id, at=at, delivery_id=self.id)

    def told(self, at: datetime) -> MessageSent:
        return MessageSent(
            tenant_id=self.tenant_id,
            at=at,
            delivery_id=self.id,
            channel=self.channel,
            template=self.template,
        )

    def _ended(self, status: DeliveryStatus, reason: str | None, at: datetime) -> "Delivery":
        update = {"status": status, "reason": reason, "changed_at": at, "content": None}
        return self.model_copy(update=update)
