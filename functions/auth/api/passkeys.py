"""Logging in with a passkey alone."""

from functions.auth.api.blueprint import bp
from functions.auth.api.client import client
from functions.auth.domain.refusals import ChallengeEnded, MfaFailed
from functions.auth.models.logins import TokensView
from functions.auth.models.mfa import PasskeyChallengeView, PasskeyLogin, PasskeyOptions
from functions.auth.wiring import asking, second_factor
from shared.http.call import Call
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.http.limits import Quota

PASSKEYS = Quota("passkeys", 60)


@bp.function_name("auth_ask_passkey")
@bp.route("v1/auth/passkeys/options", methods=["POST"])
@endpoint(needs=PUBLIC, takes=PasskeyOptions, gives=PasskeyChallengeView, quota=PASSKEYS)
async def ask(call: Call[PasskeyOptions]) -> PasskeyChallengeView:
    """Ask for a challenge that any passkey may answer."""
    return await asking().of_passkey(call.body.tenant_id)


@bp.function_name("auth_log_in_with_passkey")
@bp.route("v1/auth/passkeys/login", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=PasskeyLogin,
    gives=TokensView,
    quota=PASSKEYS,
    refuses=[ChallengeEnded, MfaFailed],
)
async def log_in(call: Call[PasskeyLogin]) -> TokensView:
    """Log in with a passkey, without a password. The device must have verified who uses it."""
    return await second_factor().log_in_with_passkey(call.body, client(call.headers))
