"""Where a wanted message goes, given what is known of its recipient. Pure."""

from dataclasses import dataclass

from functions.notifications.domain.channels import Channel, Locale
from functions.notifications.domain.people import Contact, Person
from functions.notifications.domain.wanted import Wanted


@dataclass(frozen=True)
class Reached:
    """Somebody on a channel: `to` is a user id, an e-mail address or a phone number."""

    channel: Channel
    to: str
    name: str
    locale: Locale


def reached(wanted: Wanted, person: Person | None, contact: Contact | None) -> Reached | None:
    """None for a user who is disabled, or somebody without an address on any wanted channel.

    An address that the event names comes before one that is known here: it is what its sender
    chose, and a link that is somebody's alone must go nowhere else.
    """
    if person is not None and not person.active:
        return None
    for channel in (wanted.channel, wanted.otherwise):
        to = _address(wanted, channel, person)
        if channel is not None and to:
            return Reached(channel, to, _name(wanted, person), _locale(wanted, person, contact))
    return None


def _address(wanted: Wanted, channel: Channel | None, person: Person | None) -> str | None:
    to = wanted.recipient
    if channel is Channel.IN_APP:
        return to.user_id
    if channel is Channel.EMAIL:
        return to.email or (person.email if person else None)
    return to.phone or (person.phone if person else None)


def _name(wanted: Wanted, person: Person | None) -> str:
    return wanted.recipient.name or (person.name if person else "")


def _locale(wanted: Wanted, person: Person | None, contact: Contact | None) -> Locale:
    """What they chose here, else what the event says of them, as far as it is spoken here."""
    known = person or contact
    if known is not None:
        return known.locale
    return Locale(wanted.locale) if wanted.locale in set(Locale) else Locale.ENGLISH
