"""`POST /emails:send` and its operation: taken at once, Running for a moment, then done."""

import base64
import binascii
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from local.communication.faults import Faults
from local.communication.message import Address, Attachment, Message
from local.communication.recorder import Recorder
from local.communication.refusals import Refused, bad_request
from local.communication.sms import Wire

KIND = "email"
DELIVERY = timedelta(milliseconds=300)
MOST_RECIPIENTS = 50

# RFC 5321: a dot-atom of at most 64 characters, then a domain of labels with a dot.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
BARE_ADDRESS = re.compile(
    rf"(?=.{{1,254}}$)(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}"
)


class EmailAddress(Wire):
    address: str
    display_name: str | None = None


class EmailRecipients(Wire):
    to: list[EmailAddress] = Field(default_factory=list)
    cc: list[EmailAddress] = Field(default_factory=list)
    bcc: list[EmailAddress] = Field(default_factory=list)


class EmailContent(Wire):
    subject: Annotated[str, Field(min_length=1)]
    plain_text: str | None = None
    html: str | None = None


class EmailAttachment(Wire):
    name: Annotated[str, Field(min_length=1)]
    content_type: Annotated[str, Field(min_length=1)]
    content_in_base64: str
    content_id: str | None = None


class EmailRequest(Wire):
    sender_address: str
    content: EmailContent
    recipients: EmailRecipients
    attachments: list[EmailAttachment] = Field(default_factory=list)
    reply_to: list[EmailAddress] = Field(default_factory=list)
    headers: dict[str, str] = Field(default_factory=dict)
    user_engagement_tracking_disabled: bool = False


@dataclass(frozen=True)
class EmailService:
    recorder: Recorder
    faults: Faults

    def send(self, request: EmailRequest, operation_id: str | None, now: datetime) -> str:
        """The id of the operation; the same id again is the same operation. Raises Refused."""
        operation = _operation_id(operation_id)
        if self.recorder.answer(KIND, operation):
            return operation
        message = _message(request, operation, now)
        failed = self.faults.of_outcome() is not None
        with self.recorder.transaction():
            self.recorder.add(message)
            done_at = (now + DELIVERY).isoformat()
            self.recorder.keep_answer(KIND, operation, {"done_at": done_at, "failed": failed})
        return operation

    def status(self, operation_id: str, now: datetime) -> dict[str, Any]:
        """`{id, status, error?}`. Raises Refused for an operation that is not known."""
        known = self.recorder.answer(KIND, operation_id.lower())
        if known is None:
            raise Refused(404, "NotFound", "Requested message could not be located.")
        if now < datetime.fromisoformat(known["done_at"]):
            return running(operation_id)
        if not known["failed"]:
            return {"id": operation_id, "status": "Succeeded", "error": None}
        reason = "Email was dropped because all recipients were suppressed."
        error = {"code": "EmailDroppedAllRecipientsSuppressed", "message": reason}
        return {"id": operation_id, "status": "Failed", "error": error}


def running(operation_id: str) -> dict[str, Any]:
    return {"id": operation_id, "status": "Running", "error": None}


def _operation_id(given: str | None) -> str:
    if given is None:
        return str(uuid.uuid4())
    try:
        return str(uuid.UUID(given))
    except ValueError as error:
        raise bad_request("The Operation-Id must be a UUID.") from error


def _message(request: EmailRequest, operation: str, now: datetime) -> Message:
    _check(request)
    return Message(
        id=operation,
        channel="email",
        at=now.isoformat(timespec="milliseconds"),
        sender=request.sender_address,
        to=_addresses(request.recipients.to),
        cc=_addresses(request.recipients.cc),
        bcc=_addresses(request.recipients.bcc),
        reply_to=_addresses(request.reply_to),
        subject=request.content.subject,
        text=request.content.plain_text or "",
        html=request.content.html or "",
        headers=request.headers,
        options={"tracking": not request.user_engagement_tracking_disabled},
        attachments=tuple(_attachment(one) for one in request.attachments),
    )


def _check(request: EmailRequest) -> None:
    recipients = request.recipients
    everybody = [*recipients.to, *recipients.cc, *recipients.bcc]
    if not everybody:
        raise bad_request("At least one recipient is required.")
    if len(everybody) > MOST_RECIPIENTS:
        raise bad_request(f"At most {MOST_RECIPIENTS} recipients are allowed.")
    if not BARE_ADDRESS.fullmatch(request.sender_address):
        raise bad_request("Invalid sender address.", "InvalidEmailAddress")
    for one in (*everybody, *request.reply_to):
        if not BARE_ADDRESS.fullmatch(one.address):
            raise bad_request(f"Invalid email address: {one.address}", "InvalidEmailAddress")
    if not (request.content.plain_text or request.content.html):
        raise bad_request("The content needs plainText or html.")


def _addresses(given: list[EmailAddress]) -> tuple[Address, ...]:
    return tuple(Address(one.address, one.display_name or "") for one in given)


def _attachment(given: EmailAttachment) -> Attachment:
    try:
        content = base64.b64decode(given.content_in_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_request(f"The attachment {given.name} is not base64.") from error
    return Attachment(given.name, given.content_type, content, given.content_id or "")
