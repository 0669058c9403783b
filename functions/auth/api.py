"""Auth over HTTP."""

from http import HTTPStatus

import azure.functions as func

from functions.auth.domain import (
    USERS,
    AlreadySetUp,
    EmailTaken,
    LoginFailed,
    OwnAdministration,
    SessionEnded,
)
from functions.auth.models import (
    ChangePassword,
    ChangeUser,
    CreateUser,
    JwksView,
    Login,
    NewUserView,
    OpenIdConfigurationView,
    Refresh,
    SetUp,
    TokensView,
    UserFilter,
    UserView,
)
from functions.auth.wiring import auth, issuer, keyring, users
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply, shown
from shared.http.declaration import HOST_KEY, PUBLIC, SIGNED_IN
from shared.http.endpoint import endpoint
from shared.http.paging import Page, page
from shared.identity.keyring import jwk
from shared.records.audit import AuditTrail

bp = func.Blueprint()


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

    Needs the host's master key. The generated password is shown this once."""
    stored, password = await auth().set_up(call.body)
    view = NewUserView.model_validate(stored.document)
    return view.model_copy(update={"generated_password": password})


@bp.function_name("auth_login")
@bp.route("v1/auth/login", methods=["POST"])
@endpoint(needs=PUBLIC, takes=Login, gives=TokensView, refuses=[LoginFailed])
async def login(call: Call[Login]) -> TokensView:
    """Log in with e-mail address and password.

    The access token lives 15 minutes, the refresh token a day."""
    return await auth().log_in(call.body)


@bp.function_name("auth_refresh")
@bp.route("v1/auth/refresh", methods=["POST"])
@endpoint(needs=PUBLIC, takes=Refresh, gives=TokensView, refuses=[SessionEnded])
async def refresh(call: Call[Refresh]) -> TokensView:
    """Exchange a refresh token for new tokens.

    Each refresh token works once; one that comes back ends the login."""
    return await auth().refresh(call.body.refresh_token)


@bp.function_name("auth_logout")
@bp.route("v1/auth/logout", methods=["POST"])
@endpoint(needs=SIGNED_IN)
async def logout(call: Call) -> None:
    """Log out: the refresh token of this login works no more."""
    await auth().log_out(call.caller)


@bp.function_name("auth_read_me")
@bp.route("v1/me", methods=["GET"])
@endpoint(needs=SIGNED_IN, gives=UserView)
async def read_me(call: Call) -> Reply:
    """Read the user who is signed in."""
    return shown(await users().get(call.tenant_id, call.caller.id, USERS), UserView)


@bp.function_name("auth_change_password")
@bp.route("v1/me/password", methods=["POST"])
@endpoint(needs=SIGNED_IN, takes=ChangePassword, repeatable=False, refuses=[LoginFailed])
async def change_password(call: Call[ChangePassword]) -> None:
    """Change the own password. Every other login of the user ends."""
    await auth().change_password(call.caller, call.body)


@bp.function_name("auth_create_user")
@bp.route("v1/users", methods=["POST"])
@endpoint(
    needs="auth:write",
    takes=CreateUser,
    gives=NewUserView,
    status=HTTPStatus.CREATED,
    repeatable=False,
    refuses=[EmailTaken],
)
async def create_user(call: Call[CreateUser]) -> Reply:
    """Create a user.

    Without a password one is generated, and shown this once."""
    stored, password = await auth().create(call.caller, call.body)
    view = NewUserView.model_validate(stored.document)
    return Reply(view.model_copy(update={"generated_password": password}), etag=stored.etag)


@bp.function_name("auth_list_users")
@bp.route("v1/users", methods=["GET"])
@endpoint(needs="auth:read", asks=UserFilter, gives=Page[UserView])
async def list_users(call: Call[None, UserFilter]) -> Page[UserView]:
    """List users, newest first."""
    return await page(
        call.asks,
        UserView,
        lambda after, limit: users().listed(call.tenant_id, call.asks.active, after, limit),
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
    refuses=[Missing, Stale, OwnAdministration],
)
async def change_user(call: Call[ChangeUser]) -> Reply:
    """Change a user's name, phone, roles, or whether they may log in.

    Disabling a user ends their logins."""
    user_id = call.route["user_id"]
    return shown(await auth().change(call.caller, user_id, call.body, call.if_match), UserView)


@bp.function_name("auth_read_user_audit")
@bp.route("v1/users/{user_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_user_audit(call: Call) -> AuditTrail:
    """Read who changed a user, and whether the trail is unbroken."""
    return await users().trail(call.tenant_id, call.route["user_id"], USERS)


@bp.function_name("auth_publish_jwks")
@bp.route(".well-known/jwks.json", methods=["GET"])
@endpoint(needs=PUBLIC, gives=JwksView)
async def publish_jwks(_call: Call) -> Reply:
    """Read the public keys that access tokens are signed with."""
    keys = JwksView(keys=[jwk(key) for key in await keyring().all()])
    return Reply(keys, headers={"Cache-Control": "public, max-age=300"})


@bp.function_name("auth_publish_openid_configuration")
@bp.route(".well-known/openid-configuration", methods=["GET"])
@endpoint(needs=PUBLIC, gives=OpenIdConfigurationView)
async def publish_openid_configuration(_call: Call) -> Reply:
    """Read where the keys are, for gateways that check access tokens by themselves."""
    here = issuer()
    view = OpenIdConfigurationView(
        issuer=here,
        jwks_uri=f"{here}/.well-known/jwks.json",
        token_endpoint=f"{here}/v1/auth/login",
        id_token_signing_alg_values_supported=["ES256"],
        response_types_supported=["token"],
        subject_types_supported=["public"],
    )
    return Reply(view, headers={"Cache-Control": "public, max-age=300"})
