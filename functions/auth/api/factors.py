"""The second factors of the signed-in user, and, for administrators, of others."""

from http import HTTPStatus

from functions.auth.api.blueprint import bp
from functions.auth.api.client import client
from functions.auth.domain.refusals import (
    ChallengeEnded,
    CodesTooOften,
    FactorNotConfirmed,
    LoginFailed,
    NoFactor,
    PhoneNotVerified,
    TooManyFactors,
)
from functions.auth.domain.user import USERS, User
from functions.auth.models.factors import (
    CompleteFactorReset,
    ConfirmFactor,
    FactorsView,
    FactorView,
    NewFactor,
    NewFactorView,
    RecoveryCodesView,
    RenameFactor,
)
from functions.auth.wiring import confirming, enrolling, factor_reset, factors, users
from shared.errors import Missing
from shared.http.call import Call
from shared.http.declaration import PUBLIC, SIGNED_IN
from shared.http.endpoint import endpoint
from shared.http.limits import Quota


def _shown(user: User) -> FactorsView:
    return FactorsView(items=[FactorView.model_validate(factor) for factor in user.factors])


@bp.function_name("auth_list_my_factors")
@bp.route("v1/me/factors", methods=["GET"])
@endpoint(needs=SIGNED_IN, gives=FactorsView, weak=True, refuses=[Missing])
async def list_mine(call: Call) -> FactorsView:
    """List the own second factors."""
    return _shown((await users().get(call.tenant_id, call.caller.id, USERS)).document)


@bp.function_name("auth_begin_factor")
@bp.route("v1/me/factors", methods=["POST"])
@endpoint(
    needs=SIGNED_IN,
    takes=NewFactor,
    gives=NewFactorView,
    status=HTTPStatus.CREATED,
    repeatable=False,
    recent=True,
    weak=True,
    refuses=[TooManyFactors, PhoneNotVerified, CodesTooOften],
)
async def begin(call: Call[NewFactor]) -> NewFactorView:
    """Begin a second factor: an authenticator app, a passkey, a phone or a mailbox.

    It counts once it is confirmed, within 10 minutes. Codes by SMS can be intercepted and the
    number be taken over: prefer a passkey or an authenticator app. A mailbox gives a login no more
    than a password does (`aal1`)."""
    return await enrolling().begin(call.caller, call.body)


@bp.function_name("auth_confirm_factor")
@bp.route("v1/me/factors/{factor_id}/confirm", methods=["POST"])
@endpoint(
    needs=SIGNED_IN,
    takes=ConfirmFactor,
    gives=RecoveryCodesView,
    repeatable=False,
    recent=True,
    weak=True,
    refuses=[Missing, FactorNotConfirmed],
)
async def confirm(call: Call[ConfirmFactor]) -> RecoveryCodesView:
    """Prove that a new factor works. From then on a login needs it.

    With the first come ten recovery codes, shown this once, and every other login ends. This login
    is `aal2` from its next refresh on, unless the factor is a mailbox."""
    factor_id = call.route["factor_id"]
    return await confirming().confirm(call.caller, factor_id, call.body, client(call.headers))


@bp.function_name("auth_rename_factor")
@bp.route("v1/me/factors/{factor_id}", methods=["PATCH"])
@endpoint(needs=SIGNED_IN, takes=RenameFactor, gives=FactorsView, recent=True, refuses=[Missing])
async def rename(call: Call[RenameFactor]) -> FactorsView:
    """Rename one of the own factors."""
    return _shown(await factors().rename(call.caller, call.route["factor_id"], call.body.name))


@bp.function_name("auth_remove_factor")
@bp.route("v1/me/factors/{factor_id}", methods=["DELETE"])
@endpoint(needs=SIGNED_IN, recent=True, refuses=[Missing])
async def remove(call: Call) -> None:
    """Remove one of the own factors, lost ones above all. Every other login ends.

    Recovery codes go with the last factor that they stand in for."""
    await factors().remove(call.caller, call.route["factor_id"], client(call.headers))


@bp.function_name("auth_make_recovery_codes")
@bp.route("v1/me/recovery-codes", methods=["POST"])
@endpoint(
    needs=SIGNED_IN,
    gives=RecoveryCodesView,
    repeatable=False,
    recent=True,
    refuses=[NoFactor],
)
async def make_recovery_codes(call: Call) -> RecoveryCodesView:
    """Make ten new recovery codes, shown this once. Those before are void."""
    return await factors().make_recovery_codes(call.caller, client(call.headers))


@bp.function_name("auth_list_user_factors")
@bp.route("v1/users/{user_id}/factors", methods=["GET"])
@endpoint(needs="auth:write", gives=FactorsView, refuses=[Missing])
async def list_of_user(call: Call) -> FactorsView:
    """List the second factors of a user: their kinds and names, nothing secret."""
    return _shown((await users().get(call.tenant_id, call.route["user_id"], USERS)).document)


@bp.function_name("auth_start_factor_reset")
@bp.route("v1/users/{user_id}/factors/reset", methods=["POST"])
@endpoint(needs="auth:write", status=HTTPStatus.ACCEPTED, recent=True, refuses=[Missing, NoFactor])
async def start_reset(call: Call) -> None:
    """Start the reset of a user's factors, who has lost them.

    A link goes to the user's mailbox; it asks for the password. Nothing changes before."""
    await factor_reset().start(call.caller, call.route["user_id"])


@bp.function_name("auth_complete_factor_reset")
@bp.route("v1/auth/mfa/reset", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=CompleteFactorReset,
    quota=Quota("factor-reset", 10),
    refuses=[ChallengeEnded, LoginFailed],
)
async def complete_reset(call: Call[CompleteFactorReset]) -> None:
    """Remove all own factors, with the link that an administrator had sent, and the password."""
    await factor_reset().complete(call.body, client(call.headers))
