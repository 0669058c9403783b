"""Those who can be told something: users as auth knows them, and contacts without a login."""

from typing import ClassVar

from pydantic import AwareDatetime

from functions.notifications.domain.channels import Locale
from functions.notifications.domain.refusals import NoAddress
from shared.contracts.auth import UserChanged, UserDeleted
from shared.records.document import Document

FORGOTTEN_FOR_S = 30 * 24 * 60 * 60  # messages live 14 days


class Person(Document):
    """A user as of `version`; the language is what the user chose here."""

    personal: ClassVar[frozenset[str]] = frozenset({"name", "email", "phone", "locale"})

    version: int
    name: str
    email: str
    phone: str | None
    active: bool
    locale: Locale = Locale.ENGLISH
    forgotten: bool = False

    def knows(self, event: UserChanged) -> bool:
        """Whether the event is older than what is known, or the same, or of no use any more."""
        return self.forgotten or self.version >= event.version


def person_of(event: UserChanged, before: Person | None) -> Person:
    """The newer snapshot; what was chosen here stays."""
    return Person(
        id=event.user_id,
        tenant_id=event.tenant_id,
        version=event.version,
        name=event.name,
        email=event.email,
        phone=event.phone,
        active=event.active,
        locale=before.locale if before else Locale.ENGLISH,
    )


def nobody(event: UserDeleted) -> Person:
    """What is left of them, for as long as an older message might yet come."""
    return Person(
        id=event.user_id,
        tenant_id=event.tenant_id,
        version=0,
        name="",
        email="",
        phone=None,
        active=False,
        forgotten=True,
        ttl=FORGOTTEN_FOR_S,
    )


class Contact(Document):
    """Somebody without a login, such as the consignee of a delivery."""

    name: str
    company: str | None = None
    email: str | None = None
    phone: str | None = None
    locale: Locale = Locale.ENGLISH
    created_by: str
    created_at: AwareDatetime

    def must_be_reachable(self) -> "Contact":
        """Raises NoAddress."""
        if not self.email and not self.phone:
            raise NoAddress("A contact needs an e-mail address or a phone number.")
        return self
