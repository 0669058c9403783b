"""The routes of older clients. API Management also answers them without the leading `/api`."""

from functions.auth.api.blueprint import bp
from functions.auth.api.client import client
from functions.auth.api.introspection import ASKING, given_token
from functions.auth.domain.refusals import CaptchaRequired, LoginFailed, MfaRequired
from functions.auth.models.aliases import (
    Introspect,
    OlderLogin,
    OlderTokensView,
    OlderVerdictView,
)
from functions.auth.models.logins import Logout, LogoutScope
from functions.auth.wiring import introspection, logins, sessions
from shared.http.call import Call
from shared.http.declaration import PUBLIC, SIGNED_IN
from shared.http.endpoint import endpoint
from shared.http.limits import Quota

LOGINS = Quota("login", 60)


async def _logged_in(call: Call[OlderLogin]) -> OlderTokensView:
    tokens = await logins().log_in(call.body.as_today(), client(call.headers))
    older = {"access": tokens.access_token, "refresh": tokens.refresh_token}
    return OlderTokensView(**tokens.model_dump(), **older)


@bp.function_name("auth_older_token")
@bp.route("token", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=OlderLogin,
    gives=OlderTokensView,
    quota=LOGINS,
    refuses=[LoginFailed, CaptchaRequired, MfaRequired],
)
async def token(call: Call[OlderLogin]) -> OlderTokensView:
    """Log in, for older clients: `{username, password}` to `{access, refresh}`."""
    return await _logged_in(call)


@bp.function_name("auth_older_login")
@bp.route("login", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=OlderLogin,
    gives=OlderTokensView,
    quota=LOGINS,
    refuses=[LoginFailed, CaptchaRequired, MfaRequired],
)
async def login(call: Call[OlderLogin]) -> OlderTokensView:
    """Log in, for older clients."""
    return await _logged_in(call)


@bp.function_name("auth_older_auth_login")
@bp.route("auth/login", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=OlderLogin,
    gives=OlderTokensView,
    quota=LOGINS,
    refuses=[LoginFailed, CaptchaRequired, MfaRequired],
)
async def auth_login(call: Call[OlderLogin]) -> OlderTokensView:
    """Log in, for older clients."""
    return await _logged_in(call)


@bp.function_name("auth_older_logout")
@bp.route("logout", methods=["POST"])
@endpoint(needs=SIGNED_IN, takes=Logout, weak=True)
async def logout(call: Call[Logout]) -> None:
    """Log out, for older clients."""
    await sessions().log_out(call.caller, call.body.scope)


@bp.function_name("auth_older_auth_logout")
@bp.route("auth/logout", methods=["POST"])
@endpoint(needs=SIGNED_IN, weak=True)
async def auth_logout(call: Call) -> None:
    """Log out, for older clients."""
    await sessions().log_out(call.caller, LogoutScope.LOCAL)


@bp.function_name("auth_older_auth_verify")
@bp.route("auth/verify", methods=["POST"])
@endpoint(needs=PUBLIC, takes=Introspect, gives=OlderVerdictView, quota=ASKING)
async def auth_verify(call: Call[Introspect]) -> OlderVerdictView:
    """Tell whether a token is valid and whose it is, for older clients."""
    return await introspection().in_older_words(given_token(call))
