"""Contacts: people without a login."""

from functions.notifications.domain.people import Contact
from functions.notifications.models import ChangeContact, CreateContact
from functions.notifications.service.ports import Contacts
from shared.errors import Conflict
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Stored

NEVER_EMPTY = ("name", "locale")


class ContactsService:
    """What callers do with contacts."""

    def __init__(self, contacts: Contacts, now: Clock) -> None:
        self._contacts = contacts
        self._now = now

    async def create(self, caller: Caller, wish: CreateContact) -> Stored[Contact]:
        """Raises NoAddress."""
        contact = Contact(
            id=new_id(),
            tenant_id=caller.tenant_id,
            created_by=caller.id,
            created_at=self._now(),
            **wish.model_dump(),
        ).must_be_reachable()
        try:
            return await self._contacts.save(Stored(contact), "create contact")
        except Conflict:  # made by this request's own first attempt, whose answer was lost
            return await self._contacts.get(caller.tenant_id, contact.id)

    async def change(
        self, caller: Caller, contact_id: str, wish: ChangeContact, if_match: str | None
    ) -> Stored[Contact]:
        """Raises Missing, Stale or NoAddress."""
        stored = (await self._contacts.get(caller.tenant_id, contact_id)).matching(if_match)
        update = {
            name: value
            for name, value in wish.model_dump(exclude_unset=True).items()
            if value is not None or name not in NEVER_EMPTY
        }
        contact = stored.document.model_copy(update=update).must_be_reachable()
        return await self._contacts.save(stored.now(contact), "change contact")

    async def remove(self, caller: Caller, contact_id: str, if_match: str | None) -> None:
        """Raises Missing or Stale."""
        stored = (await self._contacts.get(caller.tenant_id, contact_id)).matching(if_match)
        await self._contacts.remove(stored, "remove contact")
