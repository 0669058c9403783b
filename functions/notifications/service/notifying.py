"""Tells people of events, and remembers who they are."""

from collections.abc import Sequence
from datetime import timedelta

from functions.notifications.domain.channels import Channel
from functions.notifications.domain.deliveries import Delivery, Rendered
from functions.notifications.domain.failures import DoesNotFit
from functions.notifications.domain.inbox import Notification
from functions.notifications.domain.people import Contact, Person, person_of
from functions.notifications.domain.reaching import Reached, reached
from functions.notifications.domain.wanted import Variables, Wanted
from functions.notifications.service.ports import (
    Contacts,
    Deliveries,
    Inbox,
    People,
    Writer,
)
from shared.contracts import Event
from shared.contracts.auth import UserChanged
from shared.errors import Conflict, Missing, Unavailable
from shared.platform.clock import Clock
from shared.records.document import Stored
from shared.telemetry.logs import warn

PROJECTIONS_LAG = timedelta(minutes=2)  # less than a message is held back for in all


class NotifyingService:
    """From an event to what lies in inboxes and waits to be sent."""

    def __init__(
        self,
        people: People,
        contacts: Contacts,
        inbox: Inbox,
        deliveries: Deliveries,
        writer: Writer,
        now: Clock,
    ) -> None:
        self._people = people
        self._contacts = contacts
        self._inbox = inbox
        self._deliveries = deliveries
        self._writer = writer
        self._now = now

    async def know(self, event: UserChanged) -> None:
        """Keep the snapshot of a user, unless a newer one is known."""
        try:
            stored = await self._people.get(event.tenant_id, event.user_id)
        except Missing:
            await self._people.save(Stored(person_of(event, None)), "know user")
            return
        if not stored.document.knows(event):
            person = person_of(event, stored.document)
            await self._people.save(stored.now(person), "know user")

    async def notify(self, event: Event, wanted: Sequence[Wanted]) -> None:
        """Each wanted message is made once, whatever of them an earlier delivery had made.

        Raises Unavailable while a user is not known whom auth may yet tell of.
        """
        awaited = False
        for each in wanted:
            person = await self._person(event.tenant_id, each)
            contact = await self._contact(event.tenant_id, each, person)
            at = reached(each, person, contact)
            if at is None and self._may_yet_be_known(event, each, person):
                awaited = True
                continue
            if at is None:
                warn("notifications.unreachable", template=each.template, channel=each.channel)
                continue
            if at.channel is Channel.IN_APP:
                await self._put(event, each, at)
            else:
                await self._queue(event, each, at)
        if awaited:
            raise Unavailable("A recipient is not known yet.")

    def _may_yet_be_known(self, event: Event, wanted: Wanted, person: Person | None) -> bool:
        """What auth tells of a user may come after what others tell them."""
        young = self._now() - event.at < PROJECTIONS_LAG
        return young and person is None and wanted.recipient.user_id is not None

    async def _put(self, event: Event, wanted: Wanted, at: Reached) -> None:
        content = self._writer.write(wanted.template, at.locale, at.channel, _words(wanted, at))
        notification = Notification(
            id=wanted.id_for(event.id),
            tenant_id=event.tenant_id,
            user_id=at.to,
            template=wanted.template,
            title=content.subject,
            text=content.text,
            about=wanted.about,
            created_at=self._now(),
        )
        try:
            await self._inbox.save(Stored(notification), "notify")
        except Conflict:
            return

    async def _queue(self, event: Event, wanted: Wanted, at: Reached) -> None:
        delivery = self._delivery(event, wanted, at)
        jobs = [delivery.asked(self._now())] if delivery.is_open else []
        try:
            await self._deliveries.save(Stored(delivery), "queue message", *jobs)
        except Conflict:
            return

    def _delivery(self, event: Event, wanted: Wanted, at: Reached) -> Delivery:
        now, content, reason = self._now(), Rendered(text=""), ""
        try:
            content = self._writer.write(wanted.template, at.locale, at.channel, _words(wanted, at))
        except DoesNotFit as error:
            reason = str(error)
        delivery = Delivery(
            id=wanted.id_for(event.id),
            tenant_id=event.tenant_id,
            channel=at.channel,
            template=wanted.template,
            locale=at.locale,
            to=at.to,
            recipient_name=at.name,
            user_id=wanted.recipient.user_id,
            about=wanted.about,
            secret_until=wanted.secret_until,
            content=content,
            created_at=now,
            changed_at=now,
        )
        if delivery.too_late(now):
            return delivery.ended_too_late(now)
        return delivery.failed(reason, now) if reason else delivery

    async def _person(self, tenant_id: str, wanted: Wanted) -> Person | None:
        if wanted.recipient.user_id is None:
            return None
        try:
            return (await self._people.get(tenant_id, wanted.recipient.user_id)).document
        except Missing:
            return None

    async def _contact(
        self, tenant_id: str, wanted: Wanted, person: Person | None
    ) -> Contact | None:
        """Whose language an address without a login wants to be written to in."""
        to = wanted.recipient
        if person is not None or not (to.email or to.phone):
            return None
        return await self._contacts.with_address(tenant_id, to.email, to.phone)


def _words(wanted: Wanted, at: Reached) -> Variables:
    return {**wanted.variables, "name": at.name}
