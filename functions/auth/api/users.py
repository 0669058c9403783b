"""Users: the signed-in one, and all others."""

from http import HTTPStatus

import azure.functions as func

from functions.auth.api.blueprint import bp
from functions.auth.api.client import client
from functions.auth.domain.refusals import (
    AlreadySetUp,
    EmailTaken,
    LastAdministrator,
    LoginFailed,
    OwnAdministration,
    OwnDeletion,
    RightsNotHeld,
    UnknownDepartment,
    WeakPassword,
)
from functions.auth.domain.user import USERS
from functions.auth.models.users import (
    ChangeMe,
    ChangePassword,
    ChangeUser,
    CreateUser,
    NewUserView,
    SetUp,
    UserFilter,
    UserView,
)
from functions.auth.wiring import deletion, passwords, people, users
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply, shown
from shared.http.declaration import HOST_KEY, SIGNED_IN
from shared.http.endpoint import endpoint
from shared.http.paging import Page, page
from shared.records.audit import AuditTrail


@bp.function_name("auth_create_first_administrator")
@bp.route("v1/auth/first-administrator", methods=["POST"], auth_level=func.AuthLevel.ADMIN)
@endpoint(
    needs=HOST_KEY,
    takes=SetUp,
    gives=NewUserView,
    status=HTTPStatus.CREATED,
    refuses=[AlreadySetUp],
)
async def create_first_administrator(call: Call[SetUp]) -> NewUserView:
    """Create the first administrator of a fresh deployment.

    Needs the host's master key. The generated password is shown this once, and works for three
    days: change it before."""
    stored, password = await people().set_up(call.body)
    view = NewUserView.model_validate(stored.document)
    return view.model_copy(update={"generated_password": password})


@bp.function_name("auth_read_me")
@bp.route("v1/me", methods=["GET"])
@endpoint(needs=SIGNED_IN, gives=UserView, weak=True)
async def read_me(call: Call) -> Reply:
    """Read the user who is signed in."""
    return shown(await users().get(call.tenant_id, call.caller.id, USERS), UserView)


@bp.function_name("auth_change_me")
@bp.route("v1/me", methods=["PATCH"])
@endpoint(needs=SIGNED_IN, takes=ChangeMe, gives=UserView, changes=True, refuses=[Stale])
async def change_me(call: Call[ChangeMe]) -> Reply:
    """Change the own name, language or time zone."""
    return shown(await people().change_me(call.caller, call.body, call.if_match), UserView)


@bp.function_name("auth_change_password")
@bp.route("v1/me/password", methods=["POST"])
@endpoint(
    needs=SIGNED_IN, takes=ChangePassword, repeatable=False, refuses=[LoginFailed, WeakPassword]
)
async def change_password(call: Call[ChangePassword]) -> None:
    """Change the own password. Every other login of the user ends."""
    await passwords().change(call.caller, call.body, client(call.headers))


@bp.function_name("auth_create_user")
@bp.route("v1/users", methods=["POST"])
@endpoint(
    needs="auth:write",
    takes=CreateUser,
    gives=NewUserView,
    status=HTTPStatus.CREATED,
    repeatable=False,
    refuses=[EmailTaken, WeakPassword, RightsNotHeld, UnknownDepartment],
)
async def create_user(call: Call[CreateUser]) -> Reply:
    """Create a user.

    Without a password one is generated, and shown this once. It works for three days and for one
    thing: choosing another."""
    stored, password = await people().create(call.caller, call.body)
    view = NewUserView.model_validate(stored.document)
    return Reply(view.model_copy(update={"generated_password": password}), etag=stored.etag)


@bp.function_name("auth_list_users")
@bp.route("v1/users", methods=["GET"])
@endpoint(needs="auth:read", asks=UserFilter, gives=Page[UserView])
async def list_users(call: Call[None, UserFilter]) -> Page[UserView]:
    """List users, newest first.

    A search finds parts of words, whatever their case and accents."""
    return await page(
        call.asks,
        UserView,
        lambda after, limit: users().listed(call.tenant_id, call.asks, after, limit),
    )


@bp.function_name("auth_read_user")
@bp.route("v1/users/{user_id}", methods=["GET"])
@endpoint(needs="auth:read", gives=UserView, refuses=[Missing])
async def read_user(call: Call) -> Reply:
    """Read one user."""
    return shown(await users().get(call.tenant_id, call.route["user_id"], USERS), UserView)


@bp.function_name("auth_change_user")
@bp.route("v1/users/{user_id}", methods=["PATCH"])
@endpoint(
    needs="auth:write",
    takes=ChangeUser,
    gives=UserView,
    changes=True,
    refuses=[
        Missing,
        Stale,
        OwnAdministration,
        LastAdministrator,
        RightsNotHeld,
        UnknownDepartment,
    ],
)
async def change_user(call: Call[ChangeUser]) -> Reply:
    """Change a user's name, phone, profile, roles, or whether they may log in.

    Disabling a user ends their logins."""
    user_id = call.route["user_id"]
    return shown(await people().change(call.caller, user_id, call.body, call.if_match), UserView)


@bp.function_name("auth_delete_user")
@bp.route("v1/users/{user_id}", methods=["DELETE"])
@endpoint(
    needs="auth:write",
    changes=True,
    recent=True,
    status=HTTPStatus.NO_CONTENT,
    refuses=[Missing, Stale, OwnDeletion, LastAdministrator],
)
async def delete_user(call: Call) -> None:
    """Delete a user for good.

    Their e-mail address is free at once and their logins end. Name, addresses and whatever else is
    personal go from here and from the other capabilities. The audit trail stays: it knows them by
    their id, and by pseudonyms that lead nowhere."""
    await deletion().delete(call.caller, call.route["user_id"], call.if_match)


@bp.function_name("auth_read_user_audit")
@bp.route("v1/users/{user_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_user_audit(call: Call) -> AuditTrail:
    """Read who changed a user, and whether the trail is unbroken.

    That of a deleted user too."""
    return await users().trail(call.tenant_id, call.route["user_id"], USERS)
