"""What auth tells the others."""

from typing import ClassVar

from shared.contracts import Event


class UserChanged(Event):
    """A user was created or changed: the whole of what others may know of them.

    `version` grows with each change, so that an older snapshot can be told from a newer one.
    """

    type: ClassVar[str] = "auth.user-changed.v1"

    user_id: str
    version: int
    name: str
    email: str
    phone: str | None
    roles: list[str]
    active: bool
