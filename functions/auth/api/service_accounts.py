"""Service accounts and their API keys."""

from http import HTTPStatus

from functions.auth.api.blueprint import bp
from functions.auth.api.client import client
from functions.auth.domain.refusals import (
    AssignedEverywhere,
    BeyondAccount,
    RightsNotHeld,
    TooManyAssignments,
    TooManyKeys,
    UnknownRole,
)
from functions.auth.models.service_accounts import (
    ChangeServiceAccount,
    CreateKey,
    CreateServiceAccount,
    KeysView,
    NewKeyView,
    ServiceAccountFilter,
    ServiceAccountView,
)
from functions.auth.wiring import api_keys, service_accounts, service_accounts_kept
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply, shown
from shared.http.endpoint import endpoint
from shared.http.paging import Page, page
from shared.identity.custom_roles import ACCESS
from shared.records.audit import AuditTrail

GIVING = (UnknownRole, AssignedEverywhere, RightsNotHeld, TooManyAssignments)


@bp.function_name("auth_create_service_account")
@bp.route("v1/service-accounts", methods=["POST"])
@endpoint(
    needs="auth:keys",
    takes=CreateServiceAccount,
    gives=ServiceAccountView,
    status=HTTPStatus.CREATED,
    refuses=[*GIVING],
)
async def create_service_account(call: Call[CreateServiceAccount]) -> Reply:
    """Create an account for a program."""
    return shown(await service_accounts().create(call.caller, call.body), ServiceAccountView)


@bp.function_name("auth_list_service_accounts")
@bp.route("v1/service-accounts", methods=["GET"])
@endpoint(needs="auth:keys", asks=ServiceAccountFilter, gives=Page[ServiceAccountView])
async def list_service_accounts(
    call: Call[None, ServiceAccountFilter],
) -> Page[ServiceAccountView]:
    """List service accounts, newest first."""
    return await page(
        call.asks,
        ServiceAccountView,
        lambda after, limit: service_accounts_kept().listed(call.tenant_id, after, limit),
    )


@bp.function_name("auth_read_service_account")
@bp.route("v1/service-accounts/{account_id}", methods=["GET"])
@endpoint(needs="auth:keys", gives=ServiceAccountView, refuses=[Missing])
async def read_service_account(call: Call) -> Reply:
    """Read one service account."""
    account_id = call.route["account_id"]
    stored = await service_accounts_kept().get(call.tenant_id, account_id, ACCESS)
    return shown(stored, ServiceAccountView)


@bp.function_name("auth_change_service_account")
@bp.route("v1/service-accounts/{account_id}", methods=["PATCH"])
@endpoint(
    needs="auth:keys",
    takes=ChangeServiceAccount,
    gives=ServiceAccountView,
    changes=True,
    refuses=[Missing, Stale, *GIVING],
)
async def change_service_account(call: Call[ChangeServiceAccount]) -> Reply:
    """Change a service account, its rights, or whether its keys count."""
    account_id = call.route["account_id"]
    changed = await service_accounts().change(call.caller, account_id, call.body, call.if_match)
    return shown(changed, ServiceAccountView)


@bp.function_name("auth_delete_service_account")
@bp.route("v1/service-accounts/{account_id}", methods=["DELETE"])
@endpoint(needs="auth:keys", changes=True, refuses=[Missing, Stale])
async def delete_service_account(call: Call) -> None:
    """Delete a service account. Its keys are refused everywhere within seconds."""
    await service_accounts().delete(call.caller, call.route["account_id"], call.if_match)


@bp.function_name("auth_read_service_account_audit")
@bp.route("v1/service-accounts/{account_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_service_account_audit(call: Call) -> AuditTrail:
    """Read who changed a service account and its keys, and whether the trail is unbroken."""
    account_id = call.route["account_id"]
    return await service_accounts_kept().trail(call.tenant_id, account_id, ACCESS)


@bp.function_name("auth_create_key")
@bp.route("v1/service-accounts/{account_id}/keys", methods=["POST"])
@endpoint(
    needs="auth:keys",
    takes=CreateKey,
    gives=NewKeyView,
    status=HTTPStatus.CREATED,
    repeatable=False,
    recent=True,
    refuses=[Missing, RightsNotHeld, BeyondAccount, TooManyKeys],
)
async def create_key(call: Call[CreateKey]) -> NewKeyView:
    """Create an API key, shown this once.

    Two may live at once: create the next, take it into use, then revoke the one before."""
    account_id = call.route["account_id"]
    return await api_keys().create(call.caller, account_id, call.body, client(call.headers))


@bp.function_name("auth_list_keys")
@bp.route("v1/service-accounts/{account_id}/keys", methods=["GET"])
@endpoint(needs="auth:keys", gives=KeysView, refuses=[Missing])
async def list_keys(call: Call) -> KeysView:
    """List the keys of a service account, and when each was last used."""
    return await api_keys().listed(call.tenant_id, call.route["account_id"])


@bp.function_name("auth_revoke_key")
@bp.route("v1/service-accounts/{account_id}/keys/{key_id}", methods=["DELETE"])
@endpoint(needs="auth:keys", refuses=[Missing])
async def revoke_key(call: Call) -> None:
    """Revoke an API key. It is refused everywhere within seconds."""
    await api_keys().revoke(call.tenant_id, call.route["account_id"], call.route["key_id"])
