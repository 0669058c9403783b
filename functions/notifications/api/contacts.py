"""Contacts over HTTP: people without a login."""

from http import HTTPStatus

from functions.notifications.api.blueprint import bp
from functions.notifications.domain.refusals import NoAddress
from functions.notifications.models import (
    ChangeContact,
    ContactFilter,
    ContactView,
    CreateContact,
)
from functions.notifications.wiring import contact_records, contacts
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply, shown
from shared.http.endpoint import endpoint
from shared.http.paging import Page, page
from shared.records.audit import AuditTrail


@bp.function_name("notifications_create_contact")
@bp.route("v1/contacts", methods=["POST"])
@endpoint(
    needs="notifications:write",
    takes=CreateContact,
    gives=ContactView,
    status=HTTPStatus.CREATED,
    refuses=[NoAddress],
)
async def create_contact(call: Call[CreateContact]) -> Reply:
    """Create a contact: somebody without a login, with an e-mail address or a phone number."""
    return shown(await contacts().create(call.caller, call.body), ContactView)


@bp.function_name("notifications_list_contacts")
@bp.route("v1/contacts", methods=["GET"])
@endpoint(needs="notifications:read", asks=ContactFilter, gives=Page[ContactView])
async def list_contacts(call: Call[None, ContactFilter]) -> Page[ContactView]:
    """List contacts, newest first."""
    return await page(
        call.asks,
        ContactView,
        lambda after, limit: contact_records().listed(call.tenant_id, call.asks.name, after, limit),
    )


@bp.function_name("notifications_read_contact")
@bp.route("v1/contacts/{contact_id}", methods=["GET"])
@endpoint(needs="notifications:read", gives=ContactView, refuses=[Missing])
async def read_contact(call: Call) -> Reply:
    """Read one contact."""
    return shown(await contact_records().get(call.tenant_id, call.route["contact_id"]), ContactView)


@bp.function_name("notifications_change_contact")
@bp.route("v1/contacts/{contact_id}", methods=["PATCH"])
@endpoint(
    needs="notifications:write",
    takes=ChangeContact,
    gives=ContactView,
    changes=True,
    refuses=[Missing, Stale, NoAddress],
)
async def change_contact(call: Call[ChangeContact]) -> Reply:
    """Change a contact. One address at least must stay."""
    contact_id = call.route["contact_id"]
    changed = await contacts().change(call.caller, contact_id, call.body, call.if_match)
    return shown(changed, ContactView)


@bp.function_name("notifications_remove_contact")
@bp.route("v1/contacts/{contact_id}", methods=["DELETE"])
@endpoint(needs="notifications:write", changes=True, refuses=[Missing, Stale])
async def remove_contact(call: Call) -> None:
    """Remove a contact."""
    await contacts().remove(call.caller, call.route["contact_id"], call.if_match)


@bp.function_name("notifications_read_contact_audit")
@bp.route("v1/contacts/{contact_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_contact_audit(call: Call) -> AuditTrail:
    """Read who changed a contact, and whether the trail is unbroken."""
    return await contact_records().trail(call.tenant_id, call.route["contact_id"])
