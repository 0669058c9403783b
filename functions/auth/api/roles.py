"""Roles: those of the system, and a tenant's own."""

from http import HTTPStatus

from functions.auth.api.blueprint import bp
from functions.auth.domain.refusals import (
    RightsNotHeld,
    RoleAssigned,
    RoleNameTaken,
    SystemRole,
    TooManyRoles,
    UnknownRole,
)
from functions.auth.models.roles import (
    ChangeRole,
    CreateRole,
    DeleteRole,
    PermissionsView,
    RolesView,
    RoleView,
)
from functions.auth.wiring import custom_roles, roles
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply, shown
from shared.http.endpoint import endpoint
from shared.identity.custom_roles import ACCESS, SYSTEM_ROLES
from shared.identity.permissions import KNOWN, PERMISSIONS, Role
from shared.records.audit import AuditTrail


def _system(role: Role) -> RoleView:
    return RoleView(
        id=role,
        name=role,
        description="A role of the system.",
        permissions=sorted(PERMISSIONS[role]),
        system=True,
    )


@bp.function_name("auth_list_permissions")
@bp.route("v1/permissions", methods=["GET"])
@endpoint(needs="auth:read", gives=PermissionsView)
async def list_permissions(_call: Call) -> PermissionsView:
    """List the permissions that roles and API keys are made of."""
    return PermissionsView(items=sorted(KNOWN))


@bp.function_name("auth_create_role")
@bp.route("v1/roles", methods=["POST"])
@endpoint(
    needs="auth:roles",
    takes=CreateRole,
    gives=RoleView,
    status=HTTPStatus.CREATED,
    refuses=[RightsNotHeld, RoleNameTaken, TooManyRoles],
)
async def create_role(call: Call[CreateRole]) -> Reply:
    """Create a role of your own."""
    return shown(await roles().create(call.caller, call.body), RoleView)


@bp.function_name("auth_list_roles")
@bp.route("v1/roles", methods=["GET"])
@endpoint(needs="auth:read", gives=RolesView)
async def list_roles(call: Call) -> RolesView:
    """List all roles: those of the system, then your own."""
    own = await custom_roles().all(call.tenant_id)
    views = [RoleView.model_validate(stored.document) for stored in own]
    return RolesView(items=[*(_system(role) for role in Role), *views])


@bp.function_name("auth_read_role")
@bp.route("v1/roles/{role_id}", methods=["GET"])
@endpoint(needs="auth:read", gives=RoleView, refuses=[Missing])
async def read_role(call: Call) -> Reply:
    """Read one role."""
    role_id = call.route["role_id"]
    if role_id in SYSTEM_ROLES:
        return Reply(_system(Role(role_id)))
    return shown(await custom_roles().get(call.tenant_id, role_id, ACCESS), RoleView)


@bp.function_name("auth_change_role")
@bp.route("v1/roles/{role_id}", methods=["PATCH"])
@endpoint(
    needs="auth:roles",
    takes=ChangeRole,
    gives=RoleView,
    changes=True,
    refuses=[Missing, Stale, SystemRole, RightsNotHeld, RoleNameTaken],
)
async def change_role(call: Call[ChangeRole]) -> Reply:
    """Change a role of your own.

    Within seconds, tokens with its old permissions are refused: refresh them."""
    role_id = call.route["role_id"]
    return shown(await roles().change(call.caller, role_id, call.body, call.if_match), RoleView)


@bp.function_name("auth_delete_role")
@bp.route("v1/roles/{role_id}", methods=["DELETE"])
@endpoint(
    needs="auth:roles",
    asks=DeleteRole,
    changes=True,
    refuses=[Missing, Stale, SystemRole, RoleAssigned, UnknownRole, RightsNotHeld],
)
async def delete_role(call: Call[None, DeleteRole]) -> None:
    """Delete a role of your own that nobody has.

    With `reassign_to`, whoever has it gets that role in its place, some hundreds at a time: while
    the answer is `role-assigned`, repeat."""
    role_id, to = call.route["role_id"], call.asks.reassign_to
    await roles().delete(call.caller, role_id, call.if_match, to)


@bp.function_name("auth_read_role_audit")
@bp.route("v1/roles/{role_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_role_audit(call: Call) -> AuditTrail:
    """Read who changed a role, and whether the trail is unbroken."""
    return await custom_roles().trail(call.tenant_id, call.route["role_id"], ACCESS)
