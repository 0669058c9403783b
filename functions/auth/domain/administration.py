"""Somebody must be left who can let others in. Pure."""

from typing import ClassVar

from functions.auth.domain.user import USERS, User
from shared.identity.permissions import Role
from shared.records.document import Document

TURN = "administrators-turn"


class AdministratorsTurn(Document):
    """Stands beside every administrator who stops being one, so that of two at once one fails."""

    audited: ClassVar[bool] = False

    left: int = 0

    @property
    def key(self) -> str:
        return USERS

    def next(self) -> "AdministratorsTurn":
        return self.model_copy(update={"left": self.left + 1})


def administers(user: User) -> bool:
    return user.active and Role.ADMIN in user.roles
