"""The custom roles that this instance has read, each until it changes."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping

from shared.identity.custom_roles import SYSTEM_ROLES, Assignment, CustomRole
from shared.identity.revocations import Revocations

Find = Callable[[str, list[str]], Awaitable[list[CustomRole]]]
KEPT_S = 300.0  # less than revocations are remembered
MOST_KEPT = 5_000


class RoleBook:
    """Asks the database for roles that it has not, or that were changed since."""

    def __init__(
        self,
        find: Find,
        revocations: Revocations,
        seconds: Callable[[], float] = time.monotonic,
        most: int = MOST_KEPT,
    ) -> None:
        self._find = find
        self._revocations = revocations
        self._seconds = seconds
        self._most = most
        self._kept: OrderedDict[tuple[str, str], tuple[CustomRole, float]] = OrderedDict()

    async def of(
        self, tenant_id: str, assignments: Iterable[Assignment]
    ) -> Mapping[str, CustomRole]:
        """The custom roles of these assignments, by id. Those that are gone are left out."""
        wanted = {each.role_id for each in assignments} - SYSTEM_ROLES
        if wanted and self._revocations.due:
            await self._revocations.follow()
        found = {name: role for name in wanted if (role := self._fresh(tenant_id, name))}
        missing = sorted(wanted - set(found))
        if missing:
            read_at = self._seconds()
            read = await self._find(tenant_id, missing)
            found |= {role.id: role for role in read}
            self._keep(read, read_at)
        return found

    def learn(self, roles: Iterable[CustomRole]) -> None:
        """What was just read together with something else need not be read again."""
        self._keep(roles, self._seconds())

    def _fresh(self, tenant_id: str, role_id: str) -> CustomRole | None:
        kept = self._kept.get((tenant_id, role_id))
        if kept is None or self._seconds() - kept[1] > KEPT_S:
            return None
        return None if self._revocations.refuses((kept[0].stamp,)) else kept[0]

    def _keep(self, roles: Iterable[CustomRole], read_at: float) -> None:
        for role in roles:
            self._kept[role.tenant_id, role.id] = role, read_at
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
