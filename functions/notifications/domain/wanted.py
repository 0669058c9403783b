"""Who is to be told of an event, on which channel, with which words filled in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from functions.notifications.domain.channels import Channel, Template
from shared.contracts.auth import SecretMailWanted, SecurityNoticed
from shared.contracts.calls import CallStarted
from shared.contracts.esignature import EnvelopeCompleted, EnvelopeDeclined, SigningRequested
from shared.contracts.people import Recipient
from shared.contracts.trips import StopReached, TripAssigned, TripEnded

Variables = Mapping[str, str | datetime]
DETAILS = ("new", "name", "kind")  # what a notice may be about, the most telling first


@dataclass(frozen=True)
class Wanted:
    """One message. `otherwise` is the channel for who has no address on the first.

    `secret_until` says that its text is its recipient's alone, and of no use afterwards.
    """

    recipient: Recipient
    channel: Channel
    template: Template
    variables: Variables
    about: str
    otherwise: Channel | None = None
    locale: str | None = None
    secret_until: datetime | None = None

    def id_for(self, event_id: str) -> str:
        """The same for the same event, recipient, channel and template, so that it is told once.

        A UUIDv7 as old as the event, so that newer ones sort after older ones.
        """
        parts = (event_id, self.address_key, self.channel, self.template)
        digest = bytearray(sha256("\x1f".join(parts).encode()).digest()[:8])
        digest[0] = digest[0] & 0x3F | 0x80
        return str(UUID(bytes=UUID(event_id).bytes[:8] + bytes(digest)))

    @property
    def address_key(self) -> str:
        """What tells this recipient from others."""
        to = self.recipient
        return to.user_id or to.email or to.phone or to.name


def user(user_id: str) -> Recipient:
    """Somebody of whom the event knows no more than who it is."""
    return Recipient(name="", user_id=user_id)


def by_trip_assigned(event: TripAssigned) -> list[Wanted]:
    """The driver learns of the trip, on the road by SMS."""
    words = {"title": event.title, "stops": str(len(event.stops))}
    about = f"trips/{event.trip_id}"
    driver = user(event.driver_id)
    return [
        Wanted(driver, Channel.IN_APP, Template.TRIP_ASSIGNED, words, about),
        Wanted(driver, Channel.SMS, Template.TRIP_ASSIGNED, words, about, Channel.EMAIL),
    ]


def by_stop_reached(event: StopReached) -> list[Wanted]:
    """Who planned the trip sees it move."""
    words = {"title": event.title, "stop": event.stop_name}
    about = f"trips/{event.trip_id}"
    return [
        Wanted(user(event.planned_by), Channel.IN_APP, Template.STOP_REACHED, words, about),
    ]


def by_trip_ended(event: TripEnded) -> list[Wanted]:
    """Who planned the trip learns that it is done."""
    words, about = {"title": event.title}, f"trips/{event.trip_id}"
    return _in_app_and_email(event.planned_by, Template.TRIP_ENDED, words, about)


def by_signing_requested(event: SigningRequested) -> list[Wanted]:
    """The signer gets their link where the sender wanted it, and in the app if they have it."""
    words: Variables = {
        "title": event.title,
        "sender": event.sender_name,
        "link": event.link,
        "expires_at": event.expires_at,
    }
    about = f"envelopes/{event.envelope_id}"
    to, template = event.recipient, Template.SIGNING_REQUESTED
    wanted = [Wanted(to, Channel.IN_APP, template, words, about)] if to.user_id else []
    if event.channel in {Channel.EMAIL, Channel.SMS}:
        wanted.append(Wanted(to, Channel(event.channel), template, words, about))
    return wanted


def by_envelope_completed(event: EnvelopeCompleted) -> list[Wanted]:
    """The sender and every signer learn that all have signed; whoever is both learns it once."""
    words, about = {"title": event.title}, f"envelopes/{event.envelope_id}"
    template = Template.ENVELOPE_COMPLETED
    wanted = _in_app_and_email(event.created_by, template, words, about)
    for signer in event.signers:
        if signer.user_id == event.created_by:
            continue
        if signer.user_id:
            wanted.append(Wanted(signer, Channel.IN_APP, template, words, about))
        wanted.append(Wanted(signer, Channel.EMAIL, template, words, about, Channel.SMS))
    return wanted


def by_envelope_declined(event: EnvelopeDeclined) -> list[Wanted]:
    """The sender learns who declined, and why."""
    words = {"title": event.title, "signer": event.signer_name, "reason": event.reason}
    about = f"envelopes/{event.envelope_id}"
    return _in_app_and_email(event.created_by, Template.ENVELOPE_DECLINED, words, about)


def by_call_started(event: CallStarted) -> list[Wanted]:
    """Everybody invited is asked to join, but for who made the call."""
    words = {"topic": event.topic, "caller": event.creator_name}
    about = f"calls/{event.call_id}"
    return [
        wanted
        for user_id in event.invited
        if user_id != event.created_by
        for wanted in (
            Wanted(user(user_id), Channel.IN_APP, Template.CALL_STARTED, words, about),
            Wanted(user(user_id), Channel.SMS, Template.CALL_STARTED, words, about, Channel.EMAIL),
        )
    ]


def _in_app_and_email(
    user_id: str, template: Template, words: Variables, about: str
) -> list[Wanted]:
    to = user(user_id)
    return [
        Wanted(to, Channel.IN_APP, template, words, about),
        Wanted(to, Channel.EMAIL, template, words, about),
    ]


def by_security_noticed(event: SecurityNoticed) -> list[Wanted]:
    """Whoever's login changed hears of it, at the address that was theirs before."""
    words: Variables = {
        "notice": event.notice,
        "detail": next((event.details[name] for name in DETAILS if name in event.details), ""),
        "at": event.at,
        "device": event.device,
        "address": event.address,
    }
    to = Recipient(name="", user_id=event.user_id, email=event.email)
    about, template = f"users/{event.user_id}", Template.SECURITY_NOTICE
    return [
        Wanted(to, Channel.IN_APP, template, words, about),
        Wanted(to, Channel.EMAIL, template, words, about),
    ]


def by_secret_mail_wanted(event: SecretMailWanted) -> list[Wanted]:
    """To the one address or number, and to no inbox."""
    by_sms = event.channel == Channel.SMS
    to = Recipient(
        name=event.name,
        user_id=event.user_id,
        email=None if by_sms else event.to,
        phone=event.to if by_sms else None,
    )
    return [
        Wanted(
            to,
            Channel.SMS if by_sms else Channel.EMAIL,
            Template(event.template.replace("-", "_")),
            {**event.values, "expires_at": event.ends_at},
            f"users/{event.user_id}" if event.user_id else "users",
            locale=event.locale,
            secret_until=event.ends_at,
        )
    ]
