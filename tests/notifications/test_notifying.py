"""From an event to inboxes and waiting messages: who is told, where, and how often."""

import asyncio

import pytest

from functions.notifications import events, wiring
from functions.notifications.api.contacts import create_contact
from functions.notifications.domain.deliveries import DeliveryStatus
from shared.contracts import Event
from shared.contracts.notifications import SendMessage
from shared.contracts.people import Recipient
from tests.notifications import told
from tests.notifications.told import LINK, PHONE, deliveries_of, inbox_of, known
from tests.support.http import call, somebody
from tests.support.messages import message, told_by


async def test_a_driver_learns_of_a_trip_in_the_app_and_by_sms(tenant: str) -> None:
    await known(tenant, phone=PHONE)
    await events.on_trip_assigned(message(told.trip_assigned(tenant)))
    [notification] = await inbox_of(tenant, "u-1")
    assert (notification.title, notification.about) == ("New trip: North tour", "trips/t-1")
    [delivery] = await deliveries_of(tenant)
    assert (delivery.channel, delivery.to, delivery.recipient_name) == ("sms", PHONE, "Ann Example")
    assert delivery.preview == (
        "New trip for you: North tour (2 stops). Open the app to see the route."
    )
    [job] = await told_by("notifications", tenant, SendMessage)
    assert job["delivery_id"] == delivery.id


async def test_without_a_phone_it_is_an_email(tenant: str) -> None:
    await known(tenant)
    await events.on_trip_assigned(message(told.trip_assigned(tenant)))
    [delivery] = await deliveries_of(tenant)
    assert (delivery.channel, delivery.to) == ("email", f"u-1.{tenant}@example.com")


@pytest.mark.parametrize("times", [2, 5])
async def test_one_event_tells_once_however_often_it_comes(tenant: str, times: int) -> None:
    await known(tenant)
    event = told.trip_assigned(tenant)
    for _ in range(times):
        await events.on_trip_assigned(message(event))
    await events.on_trip_assigned(message(event, message_id="another"))
    await asyncio.gather(*(events.on_trip_assigned(message(event)) for _ in range(times)))
    assert len(await inbox_of(tenant, "u-1")) == 1
    assert len(await deliveries_of(tenant)) == 1
    assert len(await told_by("notifications", tenant, SendMessage)) == 1


async def test_what_an_interrupted_delivery_had_made_is_not_made_again(tenant: str) -> None:
    """The inbox was written and the message was not: the redelivery makes up for it."""
    event = told.trip_assigned(tenant)
    await events.on_trip_assigned(message(event))  # nobody known yet, so only in the app
    assert await deliveries_of(tenant) == []
    await known(tenant)
    await events.on_trip_assigned(message(event))
    assert len(await inbox_of(tenant, "u-1")) == 1
    assert len(await deliveries_of(tenant)) == 1


async def test_who_is_not_known_is_told_in_the_app_alone(tenant: str) -> None:
    await events.on_trip_assigned(message(told.trip_assigned(tenant, driver_id="u-unknown")))
    assert len(await inbox_of(tenant, "u-unknown")) == 1
    assert await deliveries_of(tenant) == []


async def test_who_is_disabled_is_told_nothing(tenant: str) -> None:
    await known(tenant, active=False)
    await events.on_trip_assigned(message(told.trip_assigned(tenant)))
    assert await inbox_of(tenant, "u-1") == []
    assert await deliveries_of(tenant) == []


async def test_an_older_snapshot_that_comes_late_changes_nothing(tenant: str) -> None:
    await known(tenant, version=3, name="New")
    await known(tenant, version=2, name="Old")
    await known(tenant, version=3, name="Same version again")
    person = (await wiring.people().get(tenant, "u-1")).document
    assert (person.name, person.version) == ("New", 3)
    await known(tenant, version=4, name="Newer")
    assert (await wiring.people().get(tenant, "u-1")).document.name == "Newer"


async def test_who_planned_a_trip_follows_it(tenant: str) -> None:
    await known(tenant, "u-2")
    await events.on_stop_reached(message(told.stop_reached(tenant)))
    await events.on_trip_ended(message(told.trip_ended(tenant)))
    titles = [notification.title for notification in await inbox_of(tenant, "u-2")]
    assert sorted(titles) == ["North tour: Depot reached", "North tour: all stops reached"]
    [delivery] = await deliveries_of(tenant)
    assert (delivery.channel, delivery.template) == ("email", "trip_ended")


async def test_a_signer_gets_the_link_where_the_sender_wanted_it(tenant: str) -> None:
    await events.on_signing_requested(message(told.signing_requested(tenant)))
    [delivery] = await deliveries_of(tenant)
    assert (delivery.to, delivery.locale) == (f"bob.{tenant}@example.com", "en")
    assert delivery.content is not None
    assert LINK in delivery.content.text
    assert f'href="{LINK}"' in (delivery.content.html or "")
    assert "27 November 2026, 13:00 UTC" in delivery.content.text


async def test_a_link_goes_to_no_other_address_than_the_one_named(tenant: str) -> None:
    await known(tenant, "u-3", email="private@example.com", phone=PHONE)
    recipient = Recipient(name="Cy", user_id="u-3", email="named@example.com")
    await events.on_signing_requested(message(told.signing_requested(tenant, recipient=recipient)))
    [delivery] = await deliveries_of(tenant)
    assert delivery.to == "named@example.com"
    [notification] = await inbox_of(tenant, "u-3")
    assert LINK in notification.text


async def test_a_signer_by_sms_and_one_who_is_handed_the_link(tenant: str) -> None:
    recipient = Recipient(name="Bob", phone=PHONE)
    by_sms = told.signing_requested(tenant, recipient=recipient, channel="sms")
    await events.on_signing_requested(message(by_sms))
    by_hand = told.signing_requested(tenant, channel="in-person")
    await events.on_signing_requested(message(by_hand))
    [delivery] = await deliveries_of(tenant)
    assert (delivery.channel, delivery.to) == ("sms", PHONE)


async def test_a_contact_is_written_to_in_their_language(tenant: str) -> None:
    body = {"name": "Bob", "email": f"Bob.{tenant}@example.com", "locale": "de"}
    assert (await call(create_contact, body, caller=somebody(tenant))).status == 201
    await events.on_signing_requested(message(told.signing_requested(tenant)))
    [delivery] = await deliveries_of(tenant)
    assert delivery.locale == "de"
    assert delivery.content is not None
    assert delivery.content.text.startswith("Guten Tag Bob Signer,")


async def test_everybody_learns_that_all_have_signed_and_each_once(tenant: str) -> None:
    await known(tenant)
    signers = [
        Recipient(name="Ann", user_id="u-1", email="ann@example.com"),
        Recipient(name="Bob", email="bob@example.com"),
        Recipient(name="Cy", user_id="u-3", phone=PHONE),
        Recipient(name="No address"),
    ]
    await events.on_envelope_completed(message(told.envelope_completed(tenant, signers=signers)))
    sent = {(delivery.channel, delivery.to) for delivery in await deliveries_of(tenant)}
    assert sent == {
        ("email", f"u-1.{tenant}@example.com"),
        ("email", "bob@example.com"),
        ("sms", PHONE),
    }
    assert len(await inbox_of(tenant, "u-1")) == len(await inbox_of(tenant, "u-3")) == 1


async def test_the_sender_learns_who_declined_and_why(tenant: str) -> None:
    await known(tenant)
    await events.on_envelope_declined(message(told.envelope_declined(tenant)))
    [notification] = await inbox_of(tenant, "u-1")
    assert notification.text == "Bob has declined to sign Contract: Wrong price"


async def test_the_invited_are_asked_to_join_but_not_the_caller(tenant: str) -> None:
    await known(tenant, "u-2", phone=PHONE)
    await events.on_call_started(message(told.call_started(tenant)))
    assert await inbox_of(tenant, "u-1") == []
    assert len(await inbox_of(tenant, "u-2")) == len(await inbox_of(tenant, "u-3")) == 1
    [delivery] = await deliveries_of(tenant)
    assert delivery.to == PHONE


async def test_a_message_that_fits_no_sms_is_kept_as_failed(tenant: str) -> None:
    event = told.signing_requested(
        tenant,
        recipient=Recipient(name="Bob", phone=PHONE),
        channel="sms",
        link="https://example.com/" + "x" * 400,
    )
    await events.on_signing_requested(message(event))
    [delivery] = await deliveries_of(tenant)
    assert delivery.status is DeliveryStatus.FAILED
    assert delivery.reason == "The text does not fit into 2 SMS."
    assert await told_by("notifications", tenant, SendMessage) == []


async def test_newer_notifications_come_first(tenant: str) -> None:
    made: list[Event] = [told.stop_reached(tenant, stop_name=name) for name in "abc"]
    for event in reversed(made):
        await events.on_stop_reached(message(event))
    titles = [notification.title for notification in await inbox_of(tenant, "u-2")]
    assert titles == [f"North tour: {name} reached" for name in "cba"]
