"""People who were deleted: nothing that was sent to them tells of them any more."""

import json

import pytest

from functions.notifications import events, wiring
from functions.notifications.domain.people import Person
from functions.notifications.repository.records import CosmosPeople
from functions.notifications.service.forgetting import ForgettingService
from functions.notifications.service.sending import SendingService
from shared.contracts.auth import UserDeleted
from shared.contracts.notifications import SendMessage
from shared.errors import Missing, Stale
from shared.platform import clock
from shared.platform.clients import container
from shared.records.document import Stored
from shared.records.forgetting import Forgetting
from tests.notifications import told
from tests.notifications.told import PHONE, deliveries_of, inbox_of, known
from tests.support.messages import message, told_by


def deleted(tenant: str, user_id: str = "u-1") -> UserDeleted:
    return UserDeleted(tenant_id=tenant, at=clock.now(), user_id=user_id)


async def test_who_was_deleted_is_forgotten_with_their_messages(tenant: str) -> None:
    await known(tenant, phone=PHONE)
    await known(tenant, "u-2", name="Bea")
    await events.on_trip_assigned(message(told.trip_assigned(tenant)))
    await events.on_trip_assigned(message(told.trip_assigned(tenant, driver_id="u-2")))
    jobs = await told_by("notifications", tenant, SendMessage)
    theirs = {each.id for each in await deliveries_of(tenant) if each.user_id == "u-1"}

    gone = deleted(tenant)
    for _ in range(2):
        await events.on_user_deleted(message(gone))

    assert await inbox_of(tenant, "u-1") == []
    assert len(await inbox_of(tenant, "u-2")) == 1
    by_user = {delivery.user_id: delivery for delivery in await deliveries_of(tenant)}
    assert (by_user["u-1"].to, by_user["u-1"].status) == ("", "failed")
    assert by_user["u-2"].status == "pending"
    items = container("notifications").query_items(
        "SELECT * FROM c WHERE c.tenant_id = @tenant",
        parameters=[{"name": "@tenant", "value": tenant}],
        partition_key=[tenant],
    )
    left = json.dumps([item async for item in items])
    assert "Ann Example" not in left
    assert PHONE not in left
    assert "Bea" in left
    sending = SendingService(wiring.deliveries(), {}, clock.now)
    trail = await wiring.people().trail(tenant, "u-1")
    assert trail.intact is True
    for job in jobs:  # what waited to be sent to them is not sent, and nobody is troubled
        if job["delivery_id"] in theirs:
            await sending.send(SendMessage.model_validate(job))


async def test_what_was_sent_stays_sent(tenant: str) -> None:
    await known(tenant, phone=PHONE)
    await events.on_trip_assigned(message(told.trip_assigned(tenant)))
    [delivery] = await deliveries_of(tenant)
    stored = await wiring.deliveries().get(tenant, delivery.id)
    sent = stored.document.sent("p-1", clock.now())
    await wiring.deliveries().save(stored.now(sent), "confirm message")
    await events.on_user_deleted(message(deleted(tenant)))

    [forgotten] = await deliveries_of(tenant)
    assert (forgotten.status, forgotten.to, forgotten.recipient_name) == ("sent", "", "")
    trail = await wiring.deliveries().trail(tenant, delivery.id)
    assert trail.intact is True
    assert trail.entries[0].changes["to"][1].startswith("pseudonym:")


async def test_older_news_makes_nobody_known_again(tenant: str) -> None:
    await events.on_user_deleted(message(deleted(tenant)))
    await known(tenant)
    person = (await wiring.people().get(tenant, "u-1")).document
    assert (person.name, person.email, person.forgotten) == ("", "", True)


class Unseen(CosmosPeople):
    """Somebody becomes known just after nobody was found."""

    async def get(self, tenant_id: str, document_id: str, key: str | None = None) -> Stored[Person]:
        raise Missing("not yet")


async def test_who_becomes_known_meanwhile_is_looked_at_again(tenant: str) -> None:
    await known(tenant)
    here = container("notifications")
    unseen = Unseen(here, Person, clock.now)
    service = ForgettingService(unseen, wiring.deliveries(), Forgetting(here), clock.now)
    with pytest.raises(Stale):
        await service.forget(deleted(tenant))
