"""`POST /sms`: one result for each recipient, and each repeatable request recorded once."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from local.communication.faults import Faults
from local.communication.message import Address, Message
from local.communication.recorder import Recorder
from local.communication.refusals import bad_request

KIND = "sms"


class Wire(BaseModel):
    """camelCase outside; what is not known is ignored, as the service does."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class SmsRecipient(Wire):
    to: str
    repeatability_request_id: str | None = None
    repeatability_first_sent: str | None = None


class SmsSendOptions(Wire):
    enable_delivery_report: bool = False
    tag: str | None = None


class SmsRequest(Wire):
    """Limits: https://learn.microsoft.com/rest/api/communication/sms/sms/send"""

    sender: Annotated[str, Field(alias="from")]
    message: Annotated[str, Field(max_length=2048)]
    sms_recipients: Annotated[list[SmsRecipient], Field(min_length=1, max_length=100)]
    sms_send_options: SmsSendOptions = SmsSendOptions()


@dataclass(frozen=True)
class SmsService:
    """Messages of one request are recorded together."""

    recorder: Recorder
    faults: Faults

    def send(self, request: SmsRequest, now: datetime) -> list[dict[str, Any]]:
        """The results in the order of the recipients. Raises Refused."""
        if not _is_sender(request.sender):
            raise bad_request("Invalid From phone number format.")
        with self.recorder.transaction():
            return [self._one(request, one, now) for one in request.sms_recipients]

    def _one(self, request: SmsRequest, recipient: SmsRecipient, now: datetime) -> dict[str, Any]:
        if not is_e164(recipient.to):
            return _failed(recipient.to, 400, "Invalid To phone number format.")
        key = _repeatability_key(recipient)
        if key is None:
            return _failed(recipient.to, 400, "Invalid repeatability request id or first sent.")
        if key and (before := self.recorder.answer(KIND, key)):
            if before["to"] == recipient.to:
                return before
            reason = "The repeatability request id was used for another recipient."
            return {**_failed(recipient.to, 400, reason), "repeatabilityResult": "rejected"}
        if fault := self.faults.of_recipient(recipient.to):
            return _failed(recipient.to, fault.status, "The message could not be processed.")
        return self._record(request, recipient.to, key, now)

    def _record(self, request: SmsRequest, to: str, key: str, now: datetime) -> dict[str, Any]:
        message = Message(
            id=f"Outgoing_{now:%Y%m%d%H%M%S}_{uuid.uuid4()}",
            channel="sms",
            at=now.isoformat(timespec="milliseconds"),
            sender=request.sender,
            to=(Address(to),),
            text=request.message,
            tag=request.sms_send_options.tag or "",
            options={"delivery_report": request.sms_send_options.enable_delivery_report},
        )
        self.recorder.add(message)
        answer = {"to": to, "messageId": message.id, "httpStatusCode": 202, "successful": True}
        if key:
            answer["repeatabilityResult"] = "accepted"
            self.recorder.keep_answer(KIND, key, answer)
        return answer


def is_e164(number: str) -> bool:
    """Whether it could be a phone number: `+`, a country code and as many digits as go with it."""
    if not (number.startswith("+") and number[1:].isascii() and number[1:].isdigit()):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def _is_sender(sender: str) -> bool:
    """A number, a short code of 5 or 6 digits, or an alphanumeric sender of up to 11 characters."""
    if sender.isascii() and sender.isdigit():
        return len(sender) in {5, 6}
    words = sender.replace(" ", "")
    alphanumeric = words.isascii() and words.isalnum() and len(sender) <= 11
    return alphanumeric or is_e164(sender)


def _repeatability_key(recipient: SmsRecipient) -> str | None:
    """Empty for a request that is not repeatable, None for one that is badly so."""
    request_id, first_sent = recipient.repeatability_request_id, recipient.repeatability_first_sent
    if request_id is None:
        return ""
    try:
        parsedate_to_datetime(first_sent or "")
        parsed = uuid.UUID(request_id)
    except ValueError:
        return None
    return str(parsed)


def _failed(to: str, status: int, reason: str) -> dict[str, Any]:
    return {"to": to, "httpStatusCode": status, "successful": False, "errorMessage": reason}
