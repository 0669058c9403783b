"""Each message reaches its provider once, whatever breaks between; what cannot be sent says why."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import azure.functions as func
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError

from functions.notifications import events, wiring
from functions.notifications.domain.channels import Channel
from functions.notifications.domain.deliveries import MOST_REQUEUED, Delivery, DeliveryStatus
from functions.notifications.repository.email import AzureEmail, email_client
from functions.notifications.service.reconciling import ReconcilingService
from functions.notifications.service.sending import SendingService
from functions.notifications.timers import every_5_minutes_reconcile
from shared.contracts.notifications import MessageSent, SendMessage
from shared.contracts.people import Recipient
from shared.errors import Missing, Stale
from shared.platform import clients, clock
from shared.platform.clients import NotConfigured
from tests.notifications import told
from tests.notifications.conftest import Recorder
from tests.notifications.told import LINK, PHONE, deliveries_of
from tests.support.azure import configured
from tests.support.messages import message, told_by


async def queued(tenant: str, channel: str, to: str) -> SendMessage:
    """A signing link that waits to be sent."""
    address = {"email": to} if channel == "email" else {"phone": to}
    recipient = Recipient(name="Bob Signer", **address)
    event = told.signing_requested(tenant, recipient=recipient, channel=channel)
    await events.on_signing_requested(message(event))
    [job] = await told_by("notifications", tenant, SendMessage)
    return SendMessage.model_validate(job)


async def the_delivery(tenant: str) -> Delivery:
    [delivery] = await deliveries_of(tenant)
    return delivery


def phone_of(tenant: str) -> str:
    """A number that no other test has."""
    return f"+4915{int(tenant.removeprefix('t-').replace('-', ''), 16) % 10**9:09}"


def addresses(tenant: str) -> list[tuple[str, str]]:
    return [("email", f"bob.{tenant}@example.com"), ("sms", phone_of(tenant))]


@pytest.mark.parametrize("way", [0, 1])
async def test_a_message_is_sent_and_its_secret_forgotten(
    recorder: Recorder, tenant: str, way: int
) -> None:
    channel, to = addresses(tenant)[way]
    await events.send(message(await queued(tenant, channel, to)))
    [got] = await recorder.got(to)
    assert LINK in got["text"]
    delivery = await the_delivery(tenant)
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 1)
    assert delivery.content is None
    assert delivery.preview is None
    [sent] = await told_by("notifications", tenant, MessageSent)
    assert (sent["delivery_id"], sent["channel"]) == (delivery.id, channel)


async def test_an_email_has_a_subject_and_both_bodies(recorder: Recorder, tenant: str) -> None:
    channel, to = addresses(tenant)[0]
    await events.send(message(await queued(tenant, channel, to)))
    [got] = await recorder.got(to)
    assert got["subject"] == "Ann Example asks you to sign: Contract"
    assert got["text"].startswith("Hello Bob Signer,")
    assert "<h1" in got["html"]
    assert got["options"] == {"tracking": False}


@pytest.mark.parametrize("way", [0, 1])
async def test_a_job_that_comes_twice_sends_once(recorder: Recorder, tenant: str, way: int) -> None:
    channel, to = addresses(tenant)[way]
    job = await queued(tenant, channel, to)
    await events.send(message(job))
    await events.send(message(job))
    await events.send(message(job, message_id="another"))
    assert len(await recorder.got(to)) == 1
    assert len(await told_by("notifications", tenant, MessageSent)) == 1


@pytest.mark.parametrize("way", [0, 1])
async def test_two_at_once_send_once(recorder: Recorder, tenant: str, way: int) -> None:
    channel, to = addresses(tenant)[way]
    job = await queued(tenant, channel, to)
    await asyncio.gather(*(events.send(message(job)) for _ in range(3)))
    assert len(await recorder.got(to)) == 1
    assert (await the_delivery(tenant)).status is DeliveryStatus.SENT
    assert len(await told_by("notifications", tenant, MessageSent)) == 1


@pytest.mark.parametrize("way", [0, 1])
async def test_a_busy_provider_is_asked_again(recorder: Recorder, tenant: str, way: int) -> None:
    channel, to = addresses(tenant)[way]
    job = await queued(tenant, channel, to)
    await recorder.fails(channel, status=503)
    with pytest.raises(HttpResponseError, match="InjectedFault"):
        await events.send(message(job))
    assert (await the_delivery(tenant)).status is DeliveryStatus.SENDING
    await events.send(message(job))
    delivery = await the_delivery(tenant)
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 2)
    assert len(await recorder.got(to)) == 1


@pytest.mark.parametrize("way", [0, 1])
async def test_an_answer_that_is_lost_sends_no_second_message(
    recorder: Recorder, tenant: str, way: int
) -> None:
    """The provider had taken it; the next attempt has the same ids and finds that out."""
    channel, to = addresses(tenant)[way]
    job = await queued(tenant, channel, to)
    await recorder.fails(channel, status=504, after_recording=True)
    with pytest.raises(HttpResponseError, match="InjectedFault"):
        await events.send(message(job))
    assert len(await recorder.got(to)) == 1
    await events.send(message(job))
    assert len(await recorder.got(to)) == 1
    assert (await the_delivery(tenant)).status is DeliveryStatus.SENT


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("way", [0, 1])
async def test_a_crash_between_call_and_confirmation_sends_no_second_message(
    recorder: Recorder, tenant: str, way: int
) -> None:
    channel, to = addresses(tenant)[way]
    job = await queued(tenant, channel, to)
    real = wiring.email() if channel == Channel.EMAIL else wiring.sms()

    class Crashing:
        async def send(self, delivery: Delivery) -> str:
            await real.send(delivery)
            raise Crash

    crashing = SendingService(wiring.deliveries(), {Channel(channel): Crashing()}, clock.now)
    with wiring.sending.replaced_by(crashing), pytest.raises(Crash):
        await events.send(message(job))
    first = await the_delivery(tenant)
    assert first.status is DeliveryStatus.SENDING
    await events.send(message(job))
    second = await the_delivery(tenant)
    assert (second.status, second.attempts) == (DeliveryStatus.SENT, 2)
    assert second.first_try_at == first.first_try_at
    assert len(await recorder.got(to)) == 1


async def test_a_confirmation_that_meets_changes_all_the_time_comes_again(
    recorder: Recorder, tenant: str
) -> None:
    channel, to = addresses(tenant)[1]
    job = await queued(tenant, channel, to)

    class Restless(type(wiring.deliveries())):  # type: ignore[misc]  # the real one, disturbed
        async def save(self, stored: Any, action: str, *told: Any) -> object:
            if action == "end message":
                fresh = await super().get(tenant, stored.document.id)
                await super().save(fresh.now(fresh.document), "touch")
            return await super().save(stored, action, *told)

    real = wiring.deliveries()
    restless = Restless(real._container, real._kind, clock.now)
    service = SendingService(restless, {Channel.SMS: wiring.sms()}, clock.now)
    with wiring.sending.replaced_by(service), pytest.raises(Stale):
        await events.send(message(job))
    await events.send(message(job))
    assert (await the_delivery(tenant)).status is DeliveryStatus.SENT
    assert len(await recorder.got(to)) == 1


async def test_a_number_that_the_provider_refuses_fails_for_good(
    recorder: Recorder, tenant: str
) -> None:
    job = await queued(tenant, "sms", "+1")
    await events.send(message(job))
    delivery = await the_delivery(tenant)
    assert delivery.status is DeliveryStatus.FAILED
    assert delivery.reason == "Invalid To phone number format."
    assert delivery.content is None
    await events.send(message(job))
    assert (await the_delivery(tenant)).attempts == 1


async def test_an_address_that_the_provider_refuses_fails_for_good(
    recorder: Recorder, tenant: str
) -> None:
    await events.send(message(await queued(tenant, "email", "not an address")))
    delivery = await the_delivery(tenant)
    assert delivery.status is DeliveryStatus.FAILED
    assert "not an address" in (delivery.reason or "")


async def test_an_sms_that_is_refused_as_a_whole_fails_for_good(
    recorder: Recorder, tenant: str
) -> None:
    channel, to = addresses(tenant)[1]
    await recorder.fails("sms", status=400)
    await events.send(message(await queued(tenant, channel, to)))
    assert (await the_delivery(tenant)).status is DeliveryStatus.FAILED


async def test_an_sms_that_fails_for_now_is_sent_later(recorder: Recorder, tenant: str) -> None:
    channel, to = addresses(tenant)[1]
    job = await queued(tenant, channel, to)
    await recorder.fails("sms", status=500, to=to)
    with pytest.raises(Exception, match="could not be processed"):
        await events.send(message(job))
    await events.send(message(job))
    assert len(await recorder.got(to)) == 1


async def test_an_email_that_is_taken_and_then_dropped_fails(
    recorder: Recorder, tenant: str
) -> None:
    channel, to = addresses(tenant)[0]
    await recorder.fails("email", outcome="Failed")
    await events.send(message(await queued(tenant, channel, to)))
    delivery = await the_delivery(tenant)
    assert delivery.status is DeliveryStatus.FAILED
    assert "suppressed" in (delivery.reason or "")


async def test_an_operation_that_exists_was_taken_before(recorder: Recorder, tenant: str) -> None:
    channel, to = addresses(tenant)[0]
    await recorder.fails("email", status=409)
    await events.send(message(await queued(tenant, channel, to)))
    assert (await the_delivery(tenant)).status is DeliveryStatus.SENT


async def test_an_email_whose_fate_takes_longer_counts_as_taken(
    recorder: Recorder, tenant: str
) -> None:
    channel, to = addresses(tenant)[0]
    await queued(tenant, channel, to)
    delivery = await the_delivery(tenant)
    client = email_client(wiring._endpoint(), wiring._credential())
    hasty = AzureEmail(client, "donotreply@example.com", patience_s=0.01)
    assert await hasty.send(delivery) == delivery.id
    await hasty.close()


async def test_an_email_whose_fate_cannot_be_asked_for_is_sent_again_under_its_id(
    tenant: str,
) -> None:
    channel, to = addresses(tenant)[0]
    await queued(tenant, channel, to)
    delivery = await the_delivery(tenant)
    begun: list[str] = []

    async def begin(request: web.Request) -> web.Response:
        begun.append(request.headers["Operation-Id"])
        place = f"{request.scheme}://{request.host}/operation"
        running = {"id": begun[-1], "status": "Running"}
        return web.json_response(running, status=202, headers={"Operation-Location": place})

    async def broken(request: web.Request) -> web.Response:
        return web.json_response({"error": {"code": "x", "message": "broken"}}, status=500)

    app = web.Application()
    app.add_routes([web.post("/emails:send", begin), web.get("/operation", broken)])
    async with TestServer(app, host="127.0.0.1") as server:
        client = email_client(str(server.make_url("")).rstrip("/"), AzureKeyCredential("a2V5"))
        email = AzureEmail(client, "donotreply@example.com")
        for _ in range(2):
            with pytest.raises(HttpResponseError, match="broken"):
                await email.send(delivery)
        await email.close()
    assert begun == [delivery.id] * 2


async def test_a_job_for_nothing_is_left_for_operators(recorder: Recorder, tenant: str) -> None:
    job = SendMessage(tenant_id=tenant, at=told.NOW, delivery_id="none")
    with pytest.raises(Missing):
        await events.send(message(job))


async def test_what_has_ended_is_not_handed_over(recorder: Recorder, tenant: str) -> None:
    channel, to = addresses(tenant)[0]
    await queued(tenant, channel, to)
    ended = (await the_delivery(tenant)).failed("x", told.NOW)
    for messenger in (wiring.email(), wiring.sms()):
        with pytest.raises(ValueError, match="ended"):
            await messenger.send(ended)


def reconciling(minutes: float) -> ReconcilingService:
    return ReconcilingService(
        wiring.deliveries(), lambda: datetime.now(UTC) + timedelta(minutes=minutes)
    )


async def test_a_message_that_nobody_works_on_is_queued_again(tenant: str) -> None:
    await queued(tenant, "sms", PHONE)
    await reconciling(9).reconcile()
    assert len(await told_by("notifications", tenant, SendMessage)) == 1
    await reconciling(11).reconcile()
    assert len(await told_by("notifications", tenant, SendMessage)) == 2
    delivery = await the_delivery(tenant)
    assert (delivery.status, delivery.requeued) == (DeliveryStatus.PENDING, 1)
    await reconciling(12).reconcile()
    assert len(await told_by("notifications", tenant, SendMessage)) == 2


@pytest.mark.parametrize(
    ("attempted", "ends"), [(True, DeliveryStatus.UNKNOWN), (False, DeliveryStatus.FAILED)]
)
async def test_after_many_tries_it_is_given_up(
    tenant: str, attempted: bool, ends: DeliveryStatus
) -> None:
    await queued(tenant, "sms", PHONE)
    if attempted:
        stored = await wiring.deliveries().get(tenant, (await the_delivery(tenant)).id)
        claimed = stored.document.claimed(datetime.now(UTC))
        await wiring.deliveries().save(stored.now(claimed), "send message")
    for times in range(1, MOST_REQUEUED + 2):
        await reconciling(11 * times).reconcile()
    delivery = await the_delivery(tenant)
    assert (delivery.status, delivery.content) == (ends, None)
    assert delivery.reason
    assert len(await told_by("notifications", tenant, SendMessage)) == MOST_REQUEUED + 1


async def test_a_message_that_is_just_being_sent_is_left_alone(tenant: str) -> None:
    await queued(tenant, "sms", PHONE)

    class Late(type(wiring.deliveries())):  # type: ignore[misc]  # the real one, a moment later
        async def get(self, *at: str) -> object:
            seen = await super().get(*at)
            if at[0] == tenant:
                await super().save(seen.now(seen.document.claimed(clock.now())), "send message")
            return seen

    real = wiring.deliveries()
    late = Late(real._container, real._kind, clock.now)
    service = ReconcilingService(late, lambda: datetime.now(UTC) + timedelta(minutes=11))
    await service.reconcile()
    delivery = await the_delivery(tenant)
    assert (delivery.status, delivery.requeued) == (DeliveryStatus.SENDING, 0)


async def test_one_that_ended_meanwhile_is_left_alone(tenant: str) -> None:
    await queued(tenant, "sms", PHONE)
    stored = await wiring.deliveries().get(tenant, (await the_delivery(tenant)).id)
    ended = stored.document.sent("x", clock.now())
    found = [(tenant, stored.document.id)]

    class Outdated(type(wiring.deliveries())):  # type: ignore[misc]  # an answer of a moment ago
        async def open_since(self, before: datetime) -> list[tuple[str, str]]:
            return found

    await wiring.deliveries().save(stored.now(ended), "confirm message")
    real = wiring.deliveries()
    service = ReconcilingService(Outdated(real._container, real._kind, clock.now), clock.now)
    assert await service.reconcile() == 0


class Timer(func.TimerRequest):
    """As the host hands it over."""

    past_due = False


async def test_the_timer_runs_it(tenant: str) -> None:
    await queued(tenant, "sms", PHONE)
    with wiring.reconciling.replaced_by(reconciling(11)):
        await every_5_minutes_reconcile(Timer())
    assert (await the_delivery(tenant)).requeued == 1


async def test_without_a_provider_the_setting_is_named(tenant: str) -> None:
    job = await queued(tenant, "email", "bob@example.com")
    with configured(COMMUNICATION__endpoint=""), pytest.raises(NotConfigured, match="endpoint"):
        await events.send(message(job))


async def test_without_a_key_it_is_the_apps_identity(tenant: str) -> None:
    with configured(COMMUNICATION__accessKey=""):
        assert wiring._credential() is clients.credential()
        await clients.credential().close()
