"""A message as it is recorded and shown, whatever the channel."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Channel = Literal["email", "sms"]


@dataclass(frozen=True)
class Address:
    """A mail address or a phone number, with the name that was given beside it."""

    address: str
    name: str = ""


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True)
class Message:
    """`at` is RFC 3339 in UTC; `id` is what the sender got."""

    id: str
    channel: Channel
    at: str
    sender: str
    to: tuple[Address, ...]
    text: str
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    html: str = ""
    tag: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    options: dict[str, bool] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()

    @property
    def recipients(self) -> tuple[Address, ...]:
        return (*self.to, *self.cc, *self.bcc)

    def document(self) -> dict[str, Any]:
        """Everything but the attachments' content; the sender is `from`."""
        document = asdict(self)
        document["from"] = document.pop("sender")
        document["attachments"] = [
            {
                "name": attachment.name,
                "content_type": attachment.content_type,
                "content_id": attachment.content_id,
                "size": len(attachment.content),
            }
            for attachment in self.attachments
        ]
        return document
