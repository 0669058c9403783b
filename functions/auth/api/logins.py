"""Logging in, staying in, logging out."""

from functions.auth.api.blueprint import bp
from functions.auth.api.client import client
from functions.auth.domain.refusals import (
    CaptchaRequired,
    LoginFailed,
    MfaRequired,
    PasswordChangeRequired,
    SessionEnded,
)
from functions.auth.models.logins import Login, Logout, Refresh, TokensView
from functions.auth.wiring import logins, sessions
from shared.http.call import Call
from shared.http.declaration import PUBLIC, SIGNED_IN
from shared.http.endpoint import endpoint
from shared.http.limits import Quota


@bp.function_name("auth_login")
@bp.route("v1/auth/login", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=Login,
    gives=TokensView,
    quota=Quota("login", 60),
    refuses=[LoginFailed, CaptchaRequired, MfaRequired, PasswordChangeRequired],
)
async def login(call: Call[Login]) -> TokensView:
    """Log in with e-mail address and password.

    The access token lives 15 minutes, the refresh token a day. Whoever has a second factor is
    answered `mfa-required`, with a `challenge_token` for `v1/auth/mfa`. A password that was
    made for somebody is answered `password-change-required`, with a `reset_token` for
    `v1/auth/password-reset/complete`. After several failures it may be answered
    `captcha-required`: send the same again with the `captcha_token` of its `site_key`."""
    return await logins().log_in(call.body, client(call.headers))


@bp.function_name("auth_refresh")
@bp.route("v1/auth/refresh", methods=["POST"])
@endpoint(needs=PUBLIC, takes=Refresh, gives=TokensView, refuses=[SessionEnded])
async def refresh(call: Call[Refresh]) -> TokensView:
    """Exchange a refresh token for new tokens.

    Each refresh token works once; one that comes back ends the login."""
    return await sessions().refresh(call.body.refresh_token)


@bp.function_name("auth_logout")
@bp.route("v1/auth/logout", methods=["POST"])
@endpoint(needs=SIGNED_IN, takes=Logout, weak=True)
async def logout(call: Call[Logout]) -> None:
    """Log out of this login, of all others, or of all.

    `scope` is `local`, `others` or `global`; but for `local` the login has to be recent, else it
    is answered `step-up-required`. Within seconds, no token of what ended works."""
    await sessions().log_out(call.caller, call.body.scope)
