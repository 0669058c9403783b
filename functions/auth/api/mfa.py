"""Proving a second factor: at login, and once more before what is sensitive."""

from http import HTTPStatus

from functions.auth.api.blueprint import bp
from functions.auth.api.client import client
from functions.auth.domain.refusals import (
    ChallengeEnded,
    CodesTooOften,
    LoginFailed,
    MfaFailed,
    MfaRequired,
)
from functions.auth.models.logins import TokensView
from functions.auth.models.mfa import AskChallenge, ChallengeView, Reauthenticate, Verify
from functions.auth.wiring import asking, reauthentication, second_factor
from shared.errors import Missing
from shared.http.call import Call, Reply
from shared.http.declaration import PUBLIC, SIGNED_IN
from shared.http.endpoint import endpoint
from shared.http.limits import Quota

PROOFS = Quota("mfa", 60)


@bp.function_name("auth_ask_challenge")
@bp.route("v1/auth/mfa/challenge", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=AskChallenge,
    gives=ChallengeView,
    quota=PROOFS,
    refuses=[ChallengeEnded, CodesTooOften, Missing],
)
async def ask(call: Call[AskChallenge]) -> Reply:
    """Ask for what a factor needs to be proven.

    A passkey needs `options`; a code by SMS or e-mail is sent (202); an app needs nothing."""
    asked = await asking().of(call.body)
    return Reply(asked, status=HTTPStatus.ACCEPTED if asked is None else None)


@bp.function_name("auth_verify_factor")
@bp.route("v1/auth/mfa/verify", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=Verify,
    gives=TokensView,
    quota=PROOFS,
    refuses=[ChallengeEnded, MfaFailed],
)
async def verify(call: Call[Verify]) -> TokensView:
    """Log in with a second factor, after the password.

    The login is `aal2`, with a code from a mailbox `aal1`."""
    return await second_factor().verify(call.body, client(call.headers))


@bp.function_name("auth_reauthenticate")
@bp.route("v1/auth/reauthenticate", methods=["POST"])
@endpoint(
    needs=SIGNED_IN,
    takes=Reauthenticate,
    gives=TokensView,
    repeatable=False,
    weak=True,
    quota=PROOFS,
    refuses=[LoginFailed, MfaRequired, MfaFailed, ChallengeEnded],
)
async def reauthenticate(call: Call[Reauthenticate]) -> TokensView:
    """Prove once more who one is, where an answer was `step-up-required`.

    A new login takes the place of the one that asks. Whoever has a second factor proves it; without
    one in the request the answer is `mfa-required`, as at login."""
    return await reauthentication().again(call.caller, call.body, client(call.headers))
