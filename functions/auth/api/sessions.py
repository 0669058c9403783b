"""The logins of the signed-in user, and, for administrators, of others."""

from http import HTTPStatus

from functions.auth.api.blueprint import bp
from functions.auth.domain.user import USERS
from functions.auth.models.logins import SessionsView, SessionView
from functions.auth.wiring import sessions, users
from shared.errors import Missing
from shared.http.call import Call
from shared.http.declaration import SIGNED_IN
from shared.http.endpoint import endpoint


async def _shown(tenant_id: str, user_id: str, current: str) -> SessionsView:
    alive = await sessions().alive(tenant_id, user_id)
    views = [SessionView.model_validate(session) for session in alive]
    return SessionsView(
        items=[view.model_copy(update={"current": view.id == current}) for view in views]
    )


@bp.function_name("auth_list_my_sessions")
@bp.route("v1/me/sessions", methods=["GET"])
@endpoint(needs=SIGNED_IN, gives=SessionsView)
async def list_mine(call: Call) -> SessionsView:
    """List where the signed-in user is logged in."""
    caller = call.caller
    return await _shown(caller.tenant_id, caller.id, caller.session_id)


@bp.function_name("auth_end_my_session")
@bp.route("v1/me/sessions/{session_id}", methods=["DELETE"])
@endpoint(needs=SIGNED_IN, status=HTTPStatus.NO_CONTENT, recent=True, refuses=[Missing])
async def end_mine(call: Call) -> None:
    """Log out of one of the own logins."""
    await sessions().end(call.tenant_id, call.caller.id, call.route["session_id"])


@bp.function_name("auth_list_user_sessions")
@bp.route("v1/users/{user_id}/sessions", methods=["GET"])
@endpoint(needs="auth:write", gives=SessionsView, refuses=[Missing])
async def list_of_user(call: Call) -> SessionsView:
    """List where a user is logged in."""
    await users().get(call.tenant_id, call.route["user_id"], USERS)
    return await _shown(call.tenant_id, call.route["user_id"], call.caller.session_id)


@bp.function_name("auth_end_user_session")
@bp.route("v1/users/{user_id}/sessions/{session_id}", methods=["DELETE"])
@endpoint(needs="auth:write", refuses=[Missing])
async def end_of_user(call: Call) -> None:
    """End one login of a user, who is told."""
    await sessions().revoke(call.tenant_id, call.route["user_id"], call.route["session_id"])


@bp.function_name("auth_end_user_sessions")
@bp.route("v1/users/{user_id}/sessions", methods=["DELETE"])
@endpoint(needs="auth:write", refuses=[Missing])
async def end_all_of_user(call: Call) -> None:
    """End all logins of a user, who is told."""
    await users().get(call.tenant_id, call.route["user_id"], USERS)
    await sessions().revoke(call.tenant_id, call.route["user_id"])
