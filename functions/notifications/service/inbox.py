"""The caller's own inbox, and the language they want to be told things in."""

from functions.notifications.domain.channels import Locale
from functions.notifications.domain.inbox import Notification
from functions.notifications.domain.people import Person
from functions.notifications.service.ports import Inbox, People
from shared.errors import Stale
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.records.document import Stored

MOST_AT_ONCE = 500


class InboxService:
    """Reading marks."""

    def __init__(self, inbox: Inbox, people: People, now: Clock) -> None:
        self._inbox = inbox
        self._people = people
        self._now = now

    async def read(self, caller: Caller, notification_id: str) -> Stored[Notification]:
        """Marked as read; once is as good as twice, or as two at once. Raises Missing."""
        stored = await self._inbox.get(caller.tenant_id, notification_id, caller.id)
        if stored.document.read_at is not None:
            return stored
        try:
            read = stored.document.read(self._now())
            return await self._inbox.save(stored.now(read), "read notification")
        except Stale:  # the only change there is to it is this one
            return await self._inbox.get(caller.tenant_id, notification_id, caller.id)

    async def read_all(self, caller: Caller) -> int:
        """How many of the newest 500 unread were marked; one marked elsewhere counts not."""
        count = 0
        unread = await self._inbox.of(caller.tenant_id, caller.id, True, None, MOST_AT_ONCE)
        for stored in unread:
            try:
                await self._inbox.save(
                    stored.now(stored.document.read(self._now())), "read notification"
                )
            except Stale:
                continue
            count += 1
        return count

    async def choose_locale(self, caller: Caller, locale: Locale) -> Stored[Person]:
        """Raises Missing for a user of whom auth has not told yet, or Stale."""
        stored = await self._people.get(caller.tenant_id, caller.id)
        person = stored.document.model_copy(update={"locale": locale})
        return await self._people.save(stored.now(person), "choose locale")
