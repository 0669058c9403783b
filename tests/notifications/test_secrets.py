"""Links and codes reach one person, and are kept no longer than they are of use."""

import json
from datetime import timedelta

import pytest

from functions.notifications import events, wiring
from functions.notifications.api.deliveries import read_delivery
from functions.notifications.domain.deliveries import DeliveryStatus
from functions.notifications.service.reconciling import ReconcilingService
from functions.notifications.service.sending import SendingService
from shared.contracts.auth import SecretMail, SecretMailWanted
from shared.contracts.notifications import SendMessage
from shared.errors import Unavailable
from shared.platform import clock
from shared.platform.clients import container
from tests.notifications import told
from tests.notifications.conftest import Recorder
from tests.notifications.told import LINK, deliveries_of, inbox_of, known
from tests.support.http import call, somebody
from tests.support.messages import message, told_by

CODE = "098765"
VALUES = {"link": LINK, "code": CODE, "minutes": "10", "sender": "Ann"}


def phone_of(tenant: str) -> str:
    return f"+4915{int(tenant.removeprefix('t-').replace('-', ''), 16) % 10**9:09}"


def code_wanted(tenant: str) -> SecretMailWanted:
    return told.secret_mail(
        tenant,
        channel="sms",
        to=phone_of(tenant),
        template=SecretMail.PHONE_VERIFICATION,
        values={"code": CODE, "minutes": "10"},
    )


async def kept_text(tenant: str) -> str:
    """Everything that notifications keep of a tenant."""
    found = container("notifications").query_items(
        "SELECT * FROM c WHERE c.tenant_id = @tenant",
        parameters=[{"name": "@tenant", "value": tenant}],
        partition_key=[tenant],
    )
    return json.dumps([item async for item in found])


async def job_of(tenant: str) -> SendMessage:
    [job] = await told_by("notifications", tenant, SendMessage)
    return SendMessage.model_validate(job)


@pytest.mark.parametrize("mail", SecretMail)
async def test_every_kind_of_secret_mail_has_its_text(tenant: str, mail: SecretMail) -> None:
    await events.on_secret_mail_wanted(
        message(told.secret_mail(tenant, template=mail, values=VALUES))
    )
    [delivery] = await deliveries_of(tenant)
    assert delivery.template == mail.replace("-", "_")
    assert delivery.content is not None
    assert LINK in delivery.content.text or CODE in delivery.content.text


async def test_a_link_goes_to_the_address_and_to_no_inbox(tenant: str) -> None:
    await known(tenant, email="known@example.com")
    event = told.secret_mail(tenant)
    await events.on_secret_mail_wanted(message(event))
    await events.on_secret_mail_wanted(message(event))
    [delivery] = await deliveries_of(tenant)
    assert (delivery.channel, delivery.to) == ("email", f"ann.{tenant}@example.com")
    assert delivery.secret_until == event.ends_at
    assert await inbox_of(tenant, "u-1") == []


@pytest.mark.parametrize(
    ("locale", "greeting"), [("de", "Guten Tag"), ("xx", "Hello"), (None, "Hello")]
)
async def test_strangers_are_written_to_in_the_language_that_is_said(
    tenant: str, locale: str | None, greeting: str
) -> None:
    event = told.secret_mail(tenant, user_id=None, locale=locale)
    await events.on_secret_mail_wanted(message(event))
    [delivery] = await deliveries_of(tenant)
    assert delivery.content is not None
    assert delivery.content.text.startswith(greeting)
    assert delivery.about == "users"


async def test_nobody_is_shown_a_secret_while_it_waits(tenant: str) -> None:
    await events.on_secret_mail_wanted(message(code_wanted(tenant)))
    [delivery] = await deliveries_of(tenant)
    assert delivery.content is not None
    shown = await call(
        read_delivery, method="GET", caller=somebody(tenant), delivery_id=delivery.id
    )
    assert shown.json["preview"] is None
    assert CODE not in shown.body.decode()


async def test_nothing_is_left_of_a_secret_that_was_sent(
    recorder: Recorder, tenant: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="collab")
    await events.on_secret_mail_wanted(message(code_wanted(tenant)))
    assert CODE in await kept_text(tenant)
    await events.send(message(await job_of(tenant)))
    [got] = await recorder.got(phone_of(tenant))
    assert CODE in got["text"]
    assert CODE not in await kept_text(tenant)
    assert CODE not in caplog.text


async def test_an_expired_secret_is_not_sent_and_not_kept(recorder: Recorder, tenant: str) -> None:
    event = told.secret_mail(tenant)
    await events.on_secret_mail_wanted(message(event))

    def later() -> object:
        return clock.now() + timedelta(minutes=11)

    sending = SendingService(wiring.deliveries(), {}, later)  # type: ignore[arg-type]
    await sending.send(await job_of(tenant))
    [delivery] = await deliveries_of(tenant)
    assert (delivery.status, delivery.content) == (DeliveryStatus.FAILED, None)
    assert delivery.reason == "Its link or code had expired."
    assert await recorder.got(event.to) == []
    assert LINK not in await kept_text(tenant)


async def test_an_expired_secret_that_nobody_works_on_is_given_up(tenant: str) -> None:
    await events.on_secret_mail_wanted(message(told.secret_mail(tenant)))
    [delivery] = await deliveries_of(tenant)
    stored = await wiring.deliveries().get(tenant, delivery.id)
    claimed = stored.document.claimed(clock.now())
    await wiring.deliveries().save(stored.now(claimed), "send message")

    service = ReconcilingService(wiring.deliveries(), lambda: clock.now() + timedelta(minutes=11))
    await service.reconcile()
    [delivery] = await deliveries_of(tenant)
    assert (delivery.status, delivery.content) == (DeliveryStatus.UNKNOWN, None)


async def test_a_wish_that_comes_too_late_is_not_kept(tenant: str) -> None:
    late = told.secret_mail(tenant, at=clock.now() - timedelta(minutes=11))
    await events.on_secret_mail_wanted(message(late))
    [delivery] = await deliveries_of(tenant)
    assert (delivery.status, delivery.content) == (DeliveryStatus.FAILED, None)
    assert await told_by("notifications", tenant, SendMessage) == []
    assert LINK not in await kept_text(tenant)


async def test_a_wish_that_cannot_be_read_shows_no_secret(
    tenant: str, caplog: pytest.LogCaptureFixture
) -> None:
    event = told.secret_mail(tenant)
    with pytest.raises(ValueError, match="values") as failed:
        SecretMailWanted.model_validate({**event.model_dump(), "values": {"link": [LINK]}})
    assert LINK not in str(failed.value)
    assert LINK not in repr(event)


async def test_a_notice_is_in_the_inbox_and_in_the_mail(tenant: str) -> None:
    await known(tenant)
    await events.on_security_noticed(message(told.security_noticed(tenant)))
    [notification] = await inbox_of(tenant, "u-1")
    assert notification.title == "Your password was changed"
    [delivery] = await deliveries_of(tenant)
    assert (delivery.to, delivery.secret_until) == (f"u-1.{tenant}@example.com", None)
    assert delivery.content is not None
    assert "203.0.113.9, with Phone" in delivery.content.text


async def test_a_notice_of_a_changed_address_goes_to_the_one_before(tenant: str) -> None:
    await known(tenant)
    event = told.security_noticed(
        tenant, notice="email-changed", email="before@example.com", details={"new": "new@x.example"}
    )
    await events.on_security_noticed(message(event))
    [delivery] = await deliveries_of(tenant)
    assert delivery.to == "before@example.com"
    assert delivery.content is not None
    assert "Your e-mail address was changed: new@x.example" in delivery.content.text


async def test_a_notice_waits_for_a_user_who_is_not_known_yet(tenant: str) -> None:
    """The in-app notice needs no address; the mail comes with the redelivery."""
    event = told.security_noticed(tenant, at=clock.now())
    with pytest.raises(Unavailable):
        await events.on_security_noticed(message(event))
    assert len(await inbox_of(tenant, "u-1")) == 1
    await known(tenant)
    await events.on_security_noticed(message(event))
    assert len(await inbox_of(tenant, "u-1")) == 1
    assert len(await deliveries_of(tenant)) == 1
