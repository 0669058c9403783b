"""Who is asking."""

from dataclasses import dataclass, field

from shared.errors import Forbidden
from shared.identity.permissions import Role, permissions_of


@dataclass(frozen=True)
class Caller:
    """A person with a login, in one tenant."""

    id: str
    tenant_id: str
    roles: frozenset[Role]
    name: str = ""
    session_id: str = ""
    permissions: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "permissions", permissions_of(self.roles))

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def must(self, permission: str) -> None:
        """Raises Forbidden, naming the permission."""
        if not self.may(permission):
            raise Forbidden(f"This needs the permission {permission}.", permission=permission)
