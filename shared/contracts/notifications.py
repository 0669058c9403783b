"""What notifications tell the others, and the job they give themselves."""

from typing import ClassVar

from shared.contracts import Event, Job


class MessageSent(Event):
    """An e-mail or SMS was accepted by the provider."""

    type: ClassVar[str] = "notifications.message-sent.v1"

    delivery_id: str
    channel: str
    template: str


class SendMessage(Job):
    """Send one delivery, which is kept with its recipient and content."""

    type: ClassVar[str] = "notifications.send-message.v1"
    queue: ClassVar[str] = "notifications-send"

    delivery_id: str
