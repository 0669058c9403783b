"""What is left of somebody who was deleted: an id, which is their pseudonym in every trail."""

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from functions.auth.domain.user import USERS, User
from shared.contracts.auth import UserDeleted
from shared.records.document import Document, Stored


class FormerUser(Document):
    """Stands where the user stood, and carries the audit trail on."""

    hidden: ClassVar[frozenset[str]] = User.hidden | User.personal

    created_at: AwareDatetime
    deleted_at: AwareDatetime

    @property
    def key(self) -> str:
        return USERS

    def told(self) -> UserDeleted:
        return UserDeleted(tenant_id=self.tenant_id, at=self.deleted_at, user_id=self.id)


def former(stored: Stored[User], at: datetime) -> Stored[FormerUser]:
    """The user's record from now on."""
    user = stored.document
    left = FormerUser(
        id=user.id, tenant_id=user.tenant_id, created_at=user.created_at, deleted_at=at
    )
    return Stored(left, stored.etag, stored.chain)
