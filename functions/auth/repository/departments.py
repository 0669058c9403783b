"""Departments, beside the users of their tenant."""

from functions.auth.domain.departments import (
    Department,
    DepartmentDoor,
    Departments,
    DepartmentTree,
    door_of,
    tree_of,
)
from functions.auth.domain.user import USERS
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored
from shared.records.several import CosmosSeveral


class CosmosDepartments(CosmosDocuments[Department]):
    """All of a tenant's departments are read at once: there are at most some hundreds."""

    async def all(self, tenant_id: str) -> tuple[Departments, Stored[DepartmentTree]]:
        """And what every change is saved beside."""
        several = CosmosSeveral(self._container, Department, DepartmentTree)
        found = await several.where(tenant_id, "true", {}, key=USERS)
        tree = found.one(DepartmentTree) or Stored(tree_of(tenant_id))
        return Departments(found.of(Department)), tree

    async def door(self, tenant_id: str, department_id: str) -> Stored[DepartmentDoor]:
        """Raises Missing."""
        doors = CosmosDocuments(self._container, DepartmentDoor, self._now)
        return await doors.get(tenant_id, door_of(tenant_id, department_id).id, USERS)
