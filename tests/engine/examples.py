"""What the app's functions are sent in real life: a body for each endpoint that takes one, an event
or job for each message function. No ids in them lead anywhere unless a test makes them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime.now(UTC)
AT = (NOW - timedelta(minutes=1)).isoformat()
LATER = (NOW + timedelta(days=1)).isoformat()
DOCUMENT = "00000000-0000-0000-0000-00000000d0c5"
HAMBURG = {"longitude": 9.99, "latitude": 53.55}
YARD = {"type": "circle", "center": [9.99, 53.55], "radius_m": 100}
STOPS = [{"name": "Yard", "geofence_id": "g-1"}]
FIELD = {"type": "signature", "page": 1, "x": 0.1, "y": 0.1, "width": 0.3, "height": 0.1}
SIGNER = {"name": "Sam Signer", "email": "sam@example.com", "channel": "email", "fields": [FIELD]}
PERSON = {"name": "Dina Driver", "user_id": "u-driver", "email": "dina@example.com", "phone": None}
PASSWORD = "correct horse battery"

OLDER = {"username": "ann@example.com", "password": PASSWORD}
CREDENTIAL: Mapping[str, Any] = {
    "id": "AAAA",
    "rawId": "AAAA",
    "type": "public-key",
    "response": {},
}
CHALLENGE = {"challenge_token": "never-issued", "factor_id": "f-1"}

BODIES: Mapping[str, Any] = {
    "auth_accept_invitation": {"token": "never-issued", "name": "Ann", "password": PASSWORD},
    "auth_ask_challenge": CHALLENGE,
    "auth_ask_passkey": {},
    "auth_ask_password_reset": {"email": "ann@example.com"},
    "auth_assign_role": {"role_id": "driver", "resource": "trips/t-1"},
    "auth_begin_factor": {"kind": "totp", "name": "Phone"},
    "auth_change_department": {"name": "North"},
    "auth_change_email": {"email": "ann.other@example.com"},
    "auth_change_me": {"name": "Ann Other"},
    "auth_change_password": {"old_password": PASSWORD, "new_password": PASSWORD[::-1]},
    "auth_change_phone": {"phone": "+4930901820"},
    "auth_change_role": {"description": "Plans and drives."},
    "auth_change_service_account": {"description": "The warehouse's system."},
    "auth_change_user": {"name": "Ann Other"},
    "auth_complete_factor_reset": {"token": "never-issued", "password": PASSWORD},
    "auth_complete_password_reset": {"token": "never-issued", "new_password": PASSWORD},
    "auth_complete_verification": {"token": "never-issued"},
    "auth_confirm_factor": {"code": "123456"},
    "auth_create_department": {"name": "North"},
    "auth_create_first_administrator": {"email": "first@example.com", "name": "First"},
    "auth_create_key": {"name": "Nightly export"},
    "auth_create_role": {"name": "Planner", "permissions": ["trips:read", "trips:write"]},
    "auth_create_service_account": {"name": "Warehouse", "roles": ["member"]},
    "auth_create_user": {"email": "new@example.com", "name": "New", "roles": ["driver"]},
    "auth_import_users": [{"email": "new@example.com", "name": "New", "roles": ["driver"]}],
    "auth_invite": {"email": "new@example.com", "name": "New", "roles": ["driver"]},
    "auth_log_in_with_passkey": {"challenge_token": "never-issued", "credential": CREDENTIAL},
    "auth_login": {"email": "ann@example.com", "password": PASSWORD},
    "auth_logout": {"scope": "local"},
    "auth_older_auth_login": OLDER,
    "auth_older_auth_verify": {"token": "never-issued"},
    "auth_older_login": OLDER,
    "auth_older_logout": {},
    "auth_older_token": OLDER,
    "auth_reauthenticate": {"password": PASSWORD},
    "auth_refresh": {"refresh_token": "never-issued"},
    "auth_register": {"email": "new@example.com", "name": "New"},
    "auth_rename_factor": {"name": "Old phone"},
    "auth_verify": {"token": "never-issued"},
    "auth_verify_factor": {**CHALLENGE, "code": "123456"},
    "calls_receive_webhook": {"event": "room_started", "room": {"name": "r-1"}, "id": "EV_1"},
    "calls_start": {"topic": "Where is the key?", "invited": ["u-2"]},
    "documents_change": {"name": "Delivery note 4712.pdf"},
    "documents_create": {"name": "Delivery note 4711.pdf", "media_type": "application/pdf"},
    "documents_open_version": {"size_bytes": 1000},
    "esignature_consent": {"accepted": True, "version": "1"},
    "esignature_create_envelope": {
        "document_id": DOCUMENT,
        "document_version": 1,
        "title": "Lease",
        "signers": [SIGNER],
    },
    "esignature_decline": {"reason": "The price is wrong."},
    "esignature_resend_link": {"signer_id": "s-1"},
    "esignature_sign": {"signature": {"kind": "typed", "text": "Sam Signer"}},
    "esignature_verify": b"%PDF-1.7\n%%EOF\n",
    "esignature_void_envelope": {"reason": "Sent by mistake."},
    "geofencing_change_geofence": {"name": "New yard"},
    "geofencing_check_in": {"geofence_id": "g-1", "at": AT, **HAMBURG, "accuracy_m": 8},
    "geofencing_create_geofence": {"name": "Yard", "shape": YARD},
    "geofencing_report_positions": {"positions": [{"at": AT, **HAMBURG, "accuracy_m": 8}]},
    "notifications_change_contact": {"company": "Acme"},
    "notifications_choose_locale": {"locale": "de"},
    "notifications_create_contact": {"name": "Carl Contact", "email": "carl@example.com"},
    "trips_assign": {"driver_id": "u-driver"},
    "trips_cancel": {"reason": "The road is closed."},
    "trips_change": {"title": "Longer round"},
    "trips_plan": {"title": "Round", "stops": STOPS},
    "trips_start": {},
}

ENVELOPE = {"envelope_id": "e-1", "title": "Lease", "created_by": "u-1"}
TRIP = {"trip_id": "t-1", "title": "Round", "driver_id": "u-driver"}

TOLD: Mapping[str, Mapping[str, Any]] = {
    "CallStarted": {
        "call_id": "c-1",
        "topic": "Where is the key?",
        "created_by": "u-1",
        "creator_name": "Ann",
        "invited": ["u-driver"],
    },
    "CheckedIn": {"check_in_id": "k", "driver_id": "u-driver", "geofence_id": "g-1", **HAMBURG},
    "EnvelopeCompleted": {
        **ENVELOPE,
        "document_id": DOCUMENT,
        "document_version": 1,
        "sealed_path": "t/e-1/sealed.pdf",
        "sha256": "0" * 64,
        "size_bytes": 1000,
        "signers": [PERSON],
    },
    "EnvelopeDeclined": {**ENVELOPE, "signer_name": "Sam", "reason": "No.", "others": [PERSON]},
    "GeofenceChanged": {
        "geofence_id": "g-1",
        "version": 1,
        "name": "Yard",
        "active": True,
        **HAMBURG,
    },
    "GeofenceEntered": {"driver_id": "u-driver", "geofence_id": "g-1", **HAMBURG},
    "ImportUsers": {"import_id": "i-1", "chunk": 0},
    "RecordWebhook": {"room": "r-1", "event": {"event": "room_started", "id": "EV_1"}},
    "SealEnvelope": {"envelope_id": "e-1"},
    "SecretMailWanted": {
        "to": "ann@example.com",
        "template": "password-reset",
        "values": {"link": "https://example.com/#token=x"},
    },
    "SecurityNoticed": {"user_id": "u-1", "notice": "password-changed"},
    "SendMessage": {"delivery_id": "d-1"},
    "SigningRequested": {
        "envelope_id": "e-1",
        "signer_id": "s-1",
        "recipient": PERSON,
        "channel": "email",
        "title": "Lease",
        "sender_name": "Ann",
        "link": "https://example.com/sign/x",
        "expires_at": LATER,
    },
    "StopReached": {
        **TRIP,
        "planned_by": "u-1",
        "stop_id": "p-1",
        "stop_name": "Yard",
        "how": "geofence",
    },
    "TripAssigned": {**TRIP, "stops": ["Yard"]},
    "TripEnded": {**TRIP, "planned_by": "u-1"},
    "UserChanged": {**PERSON, "version": 1, "roles": ["driver"], "active": True},
    "UserDeleted": {"user_id": "u-gone"},
    "UserLoggedIn": {"user_id": "u-1", "session_id": "s-1"},
}
