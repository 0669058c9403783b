"""Events as the other capabilities tell them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from functions.notifications import wiring
from functions.notifications.domain.deliveries import Delivery
from functions.notifications.domain.inbox import Notification
from functions.notifications.events import on_user_changed
from shared.contracts.auth import SecretMailWanted, SecurityNoticed, UserChanged
from shared.contracts.calls import CallStarted
from shared.contracts.esignature import EnvelopeCompleted, EnvelopeDeclined, SigningRequested
from shared.contracts.people import Recipient
from shared.contracts.trips import StopReached, TripAssigned, TripEnded
from shared.platform import clock
from tests.support.messages import message

NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
LINK = "https://app.example.com/api/sign/s3cr3t-t0k3n"
PHONE = "+4915112345678"


def user_changed(tenant: str, user_id: str = "u-1", version: int = 1, **more: Any) -> UserChanged:
    known = {
        "name": "Ann Example",
        "email": f"{user_id}.{tenant}@example.com",
        "phone": None,
        "roles": ["driver"],
        "active": True,
    }
    return UserChanged(
        tenant_id=tenant, at=NOW, user_id=user_id, version=version, **{**known, **more}
    )


async def known(tenant: str, user_id: str = "u-1", **more: Any) -> None:
    await on_user_changed(message(user_changed(tenant, user_id, **more)))


def trip_assigned(tenant: str, **more: Any) -> TripAssigned:
    told = {"trip_id": "t-1", "title": "North tour", "driver_id": "u-1", "stops": ["a", "b"]}
    return TripAssigned(tenant_id=tenant, at=NOW, **{**told, **more})


def stop_reached(tenant: str, **more: Any) -> StopReached:
    told = {
        "trip_id": "t-1",
        "title": "North tour",
        "driver_id": "u-1",
        "planned_by": "u-2",
        "stop_id": "s-1",
        "stop_name": "Depot",
        "how": "geofence",
    }
    return StopReached(tenant_id=tenant, at=NOW, **{**told, **more})


def trip_ended(tenant: str, **more: Any) -> TripEnded:
    told = {"trip_id": "t-1", "title": "North tour", "driver_id": "u-1", "planned_by": "u-2"}
    return TripEnded(tenant_id=tenant, at=NOW, **{**told, **more})


def signing_requested(tenant: str, **more: Any) -> SigningRequested:
    told = {
        "envelope_id": "e-1",
        "signer_id": "s-1",
        "recipient": Recipient(name="Bob Signer", email=f"bob.{tenant}@example.com"),
        "channel": "email",
        "title": "Contract",
        "sender_name": "Ann Example",
        "link": LINK,
        "expires_at": NOW + timedelta(days=7),
    }
    return SigningRequested(tenant_id=tenant, at=NOW, **{**told, **more})


def envelope_completed(tenant: str, **more: Any) -> EnvelopeCompleted:
    told = {
        "envelope_id": "e-1",
        "title": "Contract",
        "document_id": "d-1",
        "document_version": 1,
        "sealed_path": "x",
        "sha256": "0" * 64,
        "size_bytes": 1,
        "created_by": "u-1",
        "signers": [Recipient(name="Bob", email=f"bob.{tenant}@example.com")],
    }
    return EnvelopeCompleted(tenant_id=tenant, at=NOW, **{**told, **more})


def envelope_declined(tenant: str, **more: Any) -> EnvelopeDeclined:
    told = {
        "envelope_id": "e-1",
        "title": "Contract",
        "created_by": "u-1",
        "signer_name": "Bob",
        "reason": "Wrong price",
    }
    return EnvelopeDeclined(tenant_id=tenant, at=NOW, **{**told, **more})


def call_started(tenant: str, **more: Any) -> CallStarted:
    told = {
        "call_id": "c-1",
        "topic": "Delay",
        "created_by": "u-1",
        "creator_name": "Ann Example",
        "invited": ["u-1", "u-2", "u-3"],
    }
    return CallStarted(tenant_id=tenant, at=NOW, **{**told, **more})


def security_noticed(tenant: str, **more: Any) -> SecurityNoticed:
    told = {
        "user_id": "u-1",
        "notice": "password-changed",
        "device": "Phone",
        "address": "203.0.113.9",
    }
    return SecurityNoticed(tenant_id=tenant, **{"at": NOW, **told, **more})


def secret_mail(tenant: str, **more: Any) -> SecretMailWanted:
    """Just now: it is of no use later."""
    told = {
        "at": clock.now(),
        "user_id": "u-1",
        "name": "Ann Example",
        "to": f"ann.{tenant}@example.com",
        "template": "password-reset",
        "values": {"link": LINK},
    }
    return SecretMailWanted(tenant_id=tenant, **{**told, **more})


async def inbox_of(tenant: str, user_id: str) -> list[Notification]:
    found = await wiring.inbox_records().of(tenant, user_id, None, None, 100)
    return [stored.document for stored in found]


async def deliveries_of(tenant: str) -> list[Delivery]:
    found = await wiring.deliveries().listed(tenant, None, None, 100)
    return [stored.document for stored in found]
