"""What users may do: their roles within scopes, and what all of it comes to."""

from http import HTTPStatus

from functions.auth.api.blueprint import bp
from functions.auth.domain.refusals import (
    AssignedEverywhere,
    RightsNotHeld,
    TooManyAssignments,
    UnknownRole,
)
from functions.auth.domain.user import USERS
from functions.auth.models.roles import (
    AssignmentView,
    AssignRole,
    EffectivePermissionsView,
    UserRolesView,
)
from functions.auth.wiring import rights, users
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply, shown
from shared.http.endpoint import endpoint


@bp.function_name("auth_list_user_roles")
@bp.route("v1/users/{user_id}/roles", methods=["GET"])
@endpoint(needs="auth:read", gives=UserRolesView, refuses=[Missing])
async def list_user_roles(call: Call) -> Reply:
    """List the roles that a user has everywhere, and those that they have within scopes."""
    return shown(await users().get(call.tenant_id, call.route["user_id"], USERS), UserRolesView)


@bp.function_name("auth_assign_role")
@bp.route("v1/users/{user_id}/roles", methods=["POST"])
@endpoint(
    needs="auth:roles",
    takes=AssignRole,
    gives=AssignmentView,
    status=HTTPStatus.CREATED,
    refuses=[Missing, UnknownRole, AssignedEverywhere, RightsNotHeld, TooManyAssignments],
)
async def assign_role(call: Call[AssignRole]) -> Reply:
    """Give a user a role: one of your own, or any within a system, a department or one thing.

    The answer's ETag is that of the user."""
    stored, assignment = await rights().assign(call.caller, call.route["user_id"], call.body)
    return Reply(AssignmentView.model_validate(assignment), etag=stored.etag)


@bp.function_name("auth_withdraw_role")
@bp.route("v1/users/{user_id}/roles/{assignment_id}", methods=["DELETE"])
@endpoint(needs="auth:roles", changes=True, refuses=[Missing, Stale])
async def withdraw_role(call: Call) -> None:
    """Take a role away from a user. `If-Match` is the user's."""
    user_id, assignment_id = call.route["user_id"], call.route["assignment_id"]
    await rights().withdraw(call.caller, user_id, assignment_id, call.if_match)


@bp.function_name("auth_explain_permissions")
@bp.route("v1/users/{user_id}/permissions", methods=["GET"])
@endpoint(needs="auth:read", gives=EffectivePermissionsView, refuses=[Missing])
async def explain_permissions(call: Call) -> EffectivePermissionsView:
    """Read what a user may do, each permission with the roles that give it and where."""
    return await rights().explained(call.tenant_id, call.route["user_id"])
