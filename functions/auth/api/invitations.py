"""Inviting people, and coming in."""

from http import HTTPStatus

from functions.auth.api.blueprint import bp
from functions.auth.api.client import client
from functions.auth.domain.invitations import Invitation
from functions.auth.domain.refusals import (
    AlreadyInvited,
    EmailTaken,
    InvitationEnded,
    LinkEnded,
    RegistrationClosed,
    RightsNotHeld,
    WeakPassword,
)
from functions.auth.domain.user import USERS
from functions.auth.models.invitations import (
    AcceptInvitation,
    InvitationFilter,
    InvitationView,
    Invite,
    Register,
    shown_at,
)
from functions.auth.models.logins import TokensView
from functions.auth.wiring import invitations, invitations_kept, joining, now, registration
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.http.limits import Quota
from shared.http.paging import Page, page_of
from shared.records.audit import AuditTrail
from shared.records.document import Stored


def _shown(stored: Stored[Invitation]) -> Reply:
    return Reply(shown_at(stored.document, now()()), etag=stored.etag)


@bp.function_name("auth_invite")
@bp.route("v1/invitations", methods=["POST"])
@endpoint(
    needs="auth:write",
    takes=Invite,
    gives=InvitationView,
    status=HTTPStatus.CREATED,
    refuses=[EmailTaken, AlreadyInvited, RightsNotHeld],
)
async def invite(call: Call[Invite]) -> Reply:
    """Invite somebody to have a login with these roles.

    A link goes to the address. It works once, for three days."""
    return _shown(await invitations().invite(call.caller, call.body))


@bp.function_name("auth_list_invitations")
@bp.route("v1/invitations", methods=["GET"])
@endpoint(needs="auth:read", asks=InvitationFilter, gives=Page[InvitationView])
async def list_invitations(call: Call[None, InvitationFilter]) -> Page[InvitationView]:
    """List invitations, newest first."""
    at = now()()
    return await page_of(
        call.asks,
        lambda invitation: shown_at(invitation, at),
        lambda after, limit: invitations_kept().listed(
            call.tenant_id, call.asks.status, after, limit
        ),
    )


@bp.function_name("auth_read_invitation")
@bp.route("v1/invitations/{invitation_id}", methods=["GET"])
@endpoint(needs="auth:read", gives=InvitationView, refuses=[Missing])
async def read_invitation(call: Call) -> Reply:
    """Read one invitation."""
    kept = await invitations_kept().get(call.tenant_id, call.route["invitation_id"], USERS)
    return _shown(kept)


@bp.function_name("auth_send_invitation_again")
@bp.route("v1/invitations/{invitation_id}/resend", methods=["POST"])
@endpoint(needs="auth:write", gives=InvitationView, refuses=[Missing, InvitationEnded])
async def send_again(call: Call) -> Reply:
    """Send an invitation again, for three days from now. The link before works no more."""
    return _shown(await invitations().send_again(call.caller, call.route["invitation_id"]))


@bp.function_name("auth_withdraw_invitation")
@bp.route("v1/invitations/{invitation_id}", methods=["DELETE"])
@endpoint(needs="auth:write", changes=True, refuses=[Missing, Stale, InvitationEnded])
async def withdraw(call: Call) -> None:
    """Withdraw an invitation: its link works no more."""
    await invitations().withdraw(call.caller, call.route["invitation_id"], call.if_match)


@bp.function_name("auth_read_invitation_audit")
@bp.route("v1/invitations/{invitation_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_invitation_audit(call: Call) -> AuditTrail:
    """Read who invited, and what became of it."""
    return await invitations_kept().trail(call.tenant_id, call.route["invitation_id"], USERS)


@bp.function_name("auth_accept_invitation")
@bp.route("v1/auth/invitations/accept", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=AcceptInvitation,
    gives=TokensView,
    quota=Quota("join", 30),
    refuses=[LinkEnded, WeakPassword, EmailTaken],
)
async def accept(call: Call[AcceptInvitation]) -> TokensView:
    """Come in with the token of an invitation, or of one's own registration.

    The password is chosen here; nobody else ever knew one."""
    return await joining().accept(call.body, client(call.headers))


@bp.function_name("auth_register")
@bp.route("v1/auth/register", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=Register,
    status=HTTPStatus.ACCEPTED,
    quota=Quota("register", 20),
    refuses=[RegistrationClosed],
)
async def register(call: Call[Register]) -> None:
    """Ask for a login of one's own, where the setting SELF_REGISTRATION allows it.

    A link goes to the address; whoever has a login already is told so there, and nowhere else."""
    await registration().ask(call.body)
