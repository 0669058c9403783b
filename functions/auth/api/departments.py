"""The departments of a tenant, a tree."""

from http import HTTPStatus

from functions.auth.api.blueprint import bp
from functions.auth.domain.refusals import (
    DepartmentCycle,
    DepartmentInUse,
    DepartmentNameTaken,
    DepartmentTooDeep,
    TooManyDepartments,
    UnknownDepartment,
)
from functions.auth.domain.user import USERS
from functions.auth.models.departments import (
    ChangeDepartment,
    CreateDepartment,
    DepartmentsView,
    DepartmentView,
    department_view,
)
from functions.auth.wiring import departments, departments_kept
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply
from shared.http.endpoint import endpoint
from shared.records.audit import AuditTrail

PLACES = [DepartmentNameTaken, DepartmentTooDeep, UnknownDepartment]


@bp.function_name("auth_create_department")
@bp.route("v1/departments", methods=["POST"])
@endpoint(
    needs="auth:write",
    takes=CreateDepartment,
    gives=DepartmentView,
    status=HTTPStatus.CREATED,
    refuses=[*PLACES, TooManyDepartments],
)
async def create(call: Call[CreateDepartment]) -> Reply:
    """Create a department."""
    stored, path = await departments().create(call.caller, call.body)
    return Reply(department_view(stored.document, path), etag=stored.etag)


@bp.function_name("auth_list_departments")
@bp.route("v1/departments", methods=["GET"])
@endpoint(needs="auth:read", gives=DepartmentsView)
async def list_all(call: Call) -> DepartmentsView:
    """List all departments, each behind its parent."""
    known = await departments().all(call.tenant_id)
    return DepartmentsView(items=[department_view(each, known.path(each)) for each in known.all()])


@bp.function_name("auth_read_department")
@bp.route("v1/departments/{department_id}", methods=["GET"])
@endpoint(needs="auth:read", gives=DepartmentView, refuses=[Missing])
async def read(call: Call) -> Reply:
    """Read one department.

    Its path changes with those above it, so the answer is never to be kept; the ETag is for a
    change."""
    known = await departments().all(call.tenant_id)
    stored = known.stored(call.route["department_id"])
    view = department_view(stored.document, known.path(stored.document))
    return Reply(view, headers={"ETag": str(stored.etag)})


@bp.function_name("auth_change_department")
@bp.route("v1/departments/{department_id}", methods=["PATCH"])
@endpoint(
    needs="auth:write",
    takes=ChangeDepartment,
    gives=DepartmentView,
    changes=True,
    refuses=[Missing, Stale, *PLACES, DepartmentCycle],
)
async def change(call: Call[ChangeDepartment]) -> Reply:
    """Rename a department, or move it with all that stands below it."""
    department_id = call.route["department_id"]
    stored, path = await departments().change(call.caller, department_id, call.body, call.if_match)
    return Reply(department_view(stored.document, path), etag=stored.etag)


@bp.function_name("auth_delete_department")
@bp.route("v1/departments/{department_id}", methods=["DELETE"])
@endpoint(
    needs="auth:write",
    changes=True,
    status=HTTPStatus.NO_CONTENT,
    refuses=[Missing, Stale, DepartmentInUse],
)
async def delete(call: Call) -> None:
    """Delete a department that nobody is in, and no other stands below."""
    await departments().delete(call.caller, call.route["department_id"], call.if_match)


@bp.function_name("auth_read_department_audit")
@bp.route("v1/departments/{department_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_audit(call: Call) -> AuditTrail:
    """Read who changed a department, and whether the trail is unbroken."""
    return await departments_kept().trail(call.tenant_id, call.route["department_id"], USERS)
