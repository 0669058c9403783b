"""One of each thing that a route can name, made through the app as people make it."""

from datetime import timedelta

from functions.notifications import events
from shared.platform import clock
from tests.esignature.cast import put_document, signer
from tests.notifications.told import known, trip_assigned
from tests.security.asking import Somebody, administrator, logged_in
from tests.support.messages import message
from tests.trips.asking import hear_geofence, hear_user

CIRCLE = {"type": "circle", "center": [13.405, 52.52], "radius_m": 50}


async def one_of_each(tenant: str) -> tuple[dict[str, str], Somebody]:
    """The ids by the names that routes give them, and the administrator whose things these are."""
    user_id = await administrator(tenant)
    ids = {"user_id": user_id, "driver_id": user_id, "number": "1"}
    ids |= await _of_rights(await logged_in(tenant), user_id)
    boss = await logged_in(tenant)  # with other rights, tokens of before have ended
    ids |= await _of_auth(boss)
    ids |= await _of_work(tenant, boss, user_id)
    return ids | await _of_messages(tenant, boss, user_id), boss


async def _of_rights(boss: Somebody, user_id: str) -> dict[str, str]:
    role = {"name": "Reader", "permissions": ["trips:read"]}
    role_id = (await boss.made("auth_create_role", role))["id"]
    assigned = await boss.made("auth_assign_role", {"role_id": role_id}, user_id=user_id)
    return {"role_id": role_id, "assignment_id": assigned["id"]}


async def _of_auth(boss: Somebody) -> dict[str, str]:
    logins = await boss.made("auth_list_my_sessions")
    factor = await boss.made("auth_begin_factor", {"kind": "totp", "name": "Phone"})
    invited = {"email": "new@example.com", "name": "New", "roles": ["member"]}
    account = await boss.made("auth_create_service_account", {"name": "Robot", "roles": ["member"]})
    key = await boss.made("auth_create_key", {"name": "First"}, account_id=account["id"])
    rows = [{"email": "row@example.com", "name": "Row", "roles": ["member"]}]
    return {
        "import_id": (await boss.made("auth_import_users", rows))["id"],
        "session_id": next(each["id"] for each in logins["items"] if each["current"]),
        "factor_id": factor["id"],
        "invitation_id": (await boss.made("auth_invite", invited))["id"],
        "department_id": (await boss.made("auth_create_department", {"name": "North"}))["id"],
        "account_id": account["id"],
        "key_id": key["id"],
    }


async def _of_work(tenant: str, boss: Somebody, user_id: str) -> dict[str, str]:
    document = {"name": "contract.pdf", "media_type": "application/pdf"}
    pdf_id = await put_document(tenant)
    envelope = await boss.made(
        "esignature_create_envelope",
        {
            "document_id": pdf_id,
            "document_version": 1,
            "title": "Contract",
            "signers": [signer()],
        },
    )
    place = await boss.made("geofencing_create_geofence", {"name": "Depot", "shape": CIRCLE})
    position = {
        "at": (clock.now() - timedelta(seconds=5)).isoformat(),
        "longitude": 13.405,
        "latitude": 52.52,
        "accuracy_m": 8,
    }
    await boss.made("geofencing_report_positions", {"positions": [position]})
    await hear_user(tenant, user_id)
    await hear_geofence(tenant, place["id"])
    stops = [{"name": "Depot", "geofence_id": place["id"]}]
    trip = {"title": "Round", "driver_id": user_id, "stops": stops}
    call = {"topic": "Delay", "invited": ["somebody"]}
    return {
        "document_id": (await boss.made("documents_create", document))["document"]["id"],
        "pdf_id": pdf_id,
        "envelope_id": envelope["id"],
        "signer_id": envelope["signers"][0]["id"],
        "geofence_id": place["id"],
        "trip_id": (await boss.made("trips_plan", trip))["id"],
        "call_id": (await boss.made("calls_start", call))["id"],
    }


async def _of_messages(tenant: str, boss: Somebody, user_id: str) -> dict[str, str]:
    await known(tenant, user_id)
    await events.on_trip_assigned(message(trip_assigned(tenant, driver_id=user_id)))
    contact = {"name": "Bob", "email": "bob@example.com"}
    return {
        "contact_id": (await boss.made("notifications_create_contact", contact))["id"],
        "notification_id": (await boss.made("notifications_list"))["items"][0]["id"],
        "delivery_id": (await boss.made("notifications_list_deliveries"))["items"][0]["id"],
    }
