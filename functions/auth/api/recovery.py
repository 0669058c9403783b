"""Getting back in, and proving addresses."""

from http import HTTPStatus

from functions.auth.api.blueprint import bp
from functions.auth.api.client import client
from functions.auth.domain.refusals import (
    CaptchaRequired,
    ChallengeEnded,
    CodesTooOften,
    CodeWrong,
    EmailTaken,
    LinkEnded,
    MfaFailed,
    MfaRequired,
    WeakPassword,
)
from functions.auth.models.recovery import (
    AskReset,
    ChangeEmail,
    ChangePhone,
    CodeSentView,
    CompleteReset,
    CompleteVerification,
)
from functions.auth.wiring import recovery, reminding, verification
from shared.errors import Missing
from shared.http.call import Call
from shared.http.declaration import PUBLIC, SIGNED_IN
from shared.http.endpoint import endpoint
from shared.http.limits import Quota

ASKING_FOR_MAIL = Quota("recovery", 20)


@bp.function_name("auth_ask_password_reset")
@bp.route("v1/auth/password-reset", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=AskReset,
    status=HTTPStatus.ACCEPTED,
    quota=ASKING_FOR_MAIL,
    refuses=[CaptchaRequired],
)
async def ask_reset(call: Call[AskReset]) -> None:
    """Have a link sent with which a forgotten password can be replaced.

    The answer is the same for addresses that nobody has. The link works once, for ten minutes; of
    several the newest does. Another within a minute is not sent."""
    await reminding().ask(call.body, client(call.headers))


@bp.function_name("auth_complete_password_reset")
@bp.route("v1/auth/password-reset/complete", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=CompleteReset,
    quota=Quota("recovery-complete", 60),
    refuses=[LinkEnded, WeakPassword, MfaRequired, MfaFailed, ChallengeEnded],
)
async def complete_reset(call: Call[CompleteReset]) -> None:
    """Choose a new password with the token of a link, or of `password-change-required`.

    Whoever has a second factor is asked for it first: `mfa-required` brings a challenge; send the
    same again with its `challenge_token`, a `factor_id` and the `code` or `credential`. All logins
    of the user end."""
    await recovery().complete(call.body, client(call.headers))


@bp.function_name("auth_start_password_reset")
@bp.route("v1/users/{user_id}/password-reset", methods=["POST"])
@endpoint(needs="auth:write", status=HTTPStatus.ACCEPTED, refuses=[Missing])
async def start_reset(call: Call) -> None:
    """Have a link sent to a user with which they choose a new password.

    Nobody but the user learns the link or the password."""
    await reminding().start(call.caller, call.route["user_id"])


@bp.function_name("auth_change_email")
@bp.route("v1/me/email", methods=["POST"])
@endpoint(
    needs=SIGNED_IN,
    takes=ChangeEmail,
    status=HTTPStatus.ACCEPTED,
    recent=True,
    refuses=[CodesTooOften],
)
async def change_email(call: Call[ChangeEmail]) -> None:
    """Have a link sent to a new e-mail address, or to the present one to have it verified.

    The address counts once the link was followed; the one before is told."""
    await verification().want_email(call.caller, call.body.email)


@bp.function_name("auth_change_phone")
@bp.route("v1/me/phone", methods=["POST"])
@endpoint(
    needs=SIGNED_IN,
    takes=ChangePhone,
    gives=CodeSentView,
    status=HTTPStatus.ACCEPTED,
    recent=True,
    repeatable=False,
    refuses=[CodesTooOften],
)
async def change_phone(call: Call[ChangePhone]) -> CodeSentView:
    """Have a code sent to a new phone number, or to the present one to have it verified.

    The number counts once the code came back together with the answer's `token`."""
    return await verification().want_phone(call.caller, call.body.phone)


@bp.function_name("auth_complete_verification")
@bp.route("v1/auth/verifications/complete", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=CompleteVerification,
    quota=Quota("verification", 60),
    refuses=[LinkEnded, CodeWrong, EmailTaken],
)
async def complete_verification(call: Call[CompleteVerification]) -> None:
    """Prove a new e-mail address by the token of its link, or a number by token and code."""
    await verification().complete(call.body, client(call.headers))
