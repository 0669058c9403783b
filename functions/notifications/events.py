"""What notifications do when something was told."""

import azure.functions as func

from functions.notifications.domain import wanted
from functions.notifications.wiring import forgetting, notifying, sending
from shared.contracts.auth import SecretMailWanted, SecurityNoticed, UserChanged, UserDeleted
from shared.contracts.calls import CallStarted
from shared.contracts.esignature import EnvelopeCompleted, EnvelopeDeclined, SigningRequested
from shared.contracts.notifications import SendMessage
from shared.contracts.trips import StopReached, TripAssigned, TripEnded
from shared.messaging.handling import handles

bp = func.Blueprint()


@bp.function_name("notifications_on_user_changed")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="notifications-on-user-changed",
    is_sessions_enabled=True,
)
@handles(UserChanged)
async def on_user_changed(event: UserChanged) -> None:
    """Remember how a user is reached."""
    await notifying().know(event)


@bp.function_name("notifications_on_user_deleted")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="notifications-on-user-deleted",
    is_sessions_enabled=True,
)
@handles(UserDeleted)
async def on_user_deleted(event: UserDeleted) -> None:
    """Forget a user who was deleted, and what was sent to them."""
    await forgetting().forget(event)


@bp.function_name("notifications_on_trip_assigned")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="trips",
    subscription_name="notifications-on-trip-assigned",
)
@handles(TripAssigned)
async def on_trip_assigned(event: TripAssigned) -> None:
    """Tell a driver of a trip."""
    await notifying().notify(event, wanted.by_trip_assigned(event))


@bp.function_name("notifications_on_stop_reached")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="trips",
    subscription_name="notifications-on-stop-reached",
)
@handles(StopReached)
async def on_stop_reached(event: StopReached) -> None:
    """Tell who planned a trip how far it is."""
    await notifying().notify(event, wanted.by_stop_reached(event))


@bp.function_name("notifications_on_trip_ended")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="trips",
    subscription_name="notifications-on-trip-ended",
)
@handles(TripEnded)
async def on_trip_ended(event: TripEnded) -> None:
    """Tell who planned a trip that it is done."""
    await notifying().notify(event, wanted.by_trip_ended(event))


@bp.function_name("notifications_on_signing_requested")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="esignature",
    subscription_name="notifications-on-signing-requested",
)
@handles(SigningRequested)
async def on_signing_requested(event: SigningRequested) -> None:
    """Tell a signer that it is their turn."""
    await notifying().notify(event, wanted.by_signing_requested(event))


@bp.function_name("notifications_on_envelope_completed")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="esignature",
    subscription_name="notifications-on-envelope-completed",
)
@handles(EnvelopeCompleted)
async def on_envelope_completed(event: EnvelopeCompleted) -> None:
    """Tell everybody that all have signed."""
    await notifying().notify(event, wanted.by_envelope_completed(event))


@bp.function_name("notifications_on_envelope_declined")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="esignature",
    subscription_name="notifications-on-envelope-declined",
)
@handles(EnvelopeDeclined)
async def on_envelope_declined(event: EnvelopeDeclined) -> None:
    """Tell the sender that somebody declined."""
    await notifying().notify(event, wanted.by_envelope_declined(event))


@bp.function_name("notifications_on_call_started")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="calls",
    subscription_name="notifications-on-call-started",
)
@handles(CallStarted)
async def on_call_started(event: CallStarted) -> None:
    """Ask the invited to join a call."""
    await notifying().notify(event, wanted.by_call_started(event))


@bp.function_name("notifications_on_security_noticed")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="notifications-on-security-noticed",
)
@handles(SecurityNoticed)
async def on_security_noticed(event: SecurityNoticed) -> None:
    """Tell somebody what changed about their login."""
    await notifying().notify(event, wanted.by_security_noticed(event))


@bp.function_name("notifications_on_secret_mail_wanted")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="notifications-on-secret-mail-wanted",
)
@handles(SecretMailWanted)
async def on_secret_mail_wanted(event: SecretMailWanted) -> None:
    """Send a link or a code to the one person it is for."""
    await notifying().notify(event, wanted.by_secret_mail_wanted(event))


@bp.function_name("notifications_send")
@bp.service_bus_queue_trigger("message", connection="SERVICE_BUS", queue_name="notifications-send")
@handles(SendMessage)
async def send(job: SendMessage) -> None:
    """Hand one e-mail or SMS to its provider."""
    await sending().send(job)
