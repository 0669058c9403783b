"""A notification in somebody's inbox in the app. Pure."""

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from functions.notifications.domain.channels import Template
from shared.records.document import Document

KEPT_S = 180 * 24 * 60 * 60


class Notification(Document):
    """Kept in the partition of its user. `text` may hold a link that is theirs alone."""

    hidden: ClassVar[frozenset[str]] = frozenset({"text"})
    personal: ClassVar[frozenset[str]] = frozenset({"title"})

    user_id: str
    template: Template
    title: str
    text: str
    about: str
    created_at: AwareDatetime
    read_at: AwareDatetime | None = None
    ttl: int | None = KEPT_S

    @property
    def key(self) -> str:
        return self.user_id

    def read(self, at: datetime) -> "Notification":
        return self.model_copy(update={"read_at": at})
