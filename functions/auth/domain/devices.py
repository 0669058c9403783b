"""The devices that somebody has logged in with, so that a new one stands out. Pure."""

import re
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar

from pydantic import AwareDatetime

from functions.auth.domain.session import sessions_of
from shared.contracts.auth import UserLoggedIn
from shared.records.document import Document

KEPT = timedelta(days=400)
VERSIONS = re.compile(r"[\d._]+")


class Device(Document):
    """What calls itself the same but for versions, which change with every update."""

    audited: ClassVar[bool] = False

    user_id: str
    named: str
    first_seen_at: AwareDatetime
    ttl: int | None = int(KEPT.total_seconds())

    @property
    def key(self) -> str:
        return sessions_of(self.user_id)


def device_of(event: UserLoggedIn, at: datetime) -> Device:
    named = VERSIONS.sub("", event.device)
    return Device(
        id=f"device:{sha256(named.encode()).hexdigest()}",
        tenant_id=event.tenant_id,
        user_id=event.user_id,
        named=named,
        first_seen_at=at,
    )
