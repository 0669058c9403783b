"""One service is away: what needs it says so, everything else goes on, and nothing is lost."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.cosmos.aio import CosmosClient

from local.configuration import cosmos_connection
from local.demo.client import eventually
from tests.journeys import steps
from tests.journeys.house import House, is_outage, must_be


def can_plan(house: House) -> bool:
    """Somebody works on, and is heard."""
    title = steps.unique("Meanwhile")
    steps.planned(house.dispatcher, title, house.driver.id, steps.place(house.dispatcher))
    return bool(eventually("being told", lambda: steps.titles(house.driver.client, title)))


def test_without_blob_storage_content_waits_and_the_rest_goes_on(house: House) -> None:
    dispatcher = house.dispatcher
    paper = steps.paper(dispatcher)
    house.on_disk(f"/{paper.id}/1")
    house.kill("azurite")
    assert is_outage(dispatcher.send("GET", f"v1/documents/{paper.id}/content"))
    wish = steps.envelope_wish(paper, steps.unique("Note"), steps.new_phone())
    assert is_outage(dispatcher.send("POST", "v1/envelopes", wish))
    assert dispatcher.get(f"v1/documents/{paper.id}")["id"] == paper.id
    assert can_plan(house)
    house.again("azurite")
    assert dispatcher.must("GET", f"v1/documents/{paper.id}/content").body == paper.content
    must_be(dispatcher.send("POST", "v1/envelopes", wish), 201)


def test_without_livekit_there_are_no_calls_and_the_rest_goes_on(house: House) -> None:
    dispatcher, driver = house.dispatcher, house.driver
    topic = steps.unique("Call")
    call = {"topic": topic, "invited": [driver.id]}
    house.kill("livekit")
    assert is_outage(dispatcher.send("POST", "v1/calls", call))
    assert can_plan(house)
    ready = dispatcher.send("GET", "health/ready")
    assert (ready.status, ready.json["status"]) == (200, "degraded")
    assert [c for c in dispatcher.get("v1/calls")["items"] if c["topic"] == topic] == []
    house.again("livekit")
    made = must_be(dispatcher.send("POST", "v1/calls", call), 201)
    eventually("the driver being called", lambda: steps.titles(driver.client, topic))
    dispatcher.post(f"v1/calls/{made['id']}/end")


def test_without_timestamps_the_seal_waits_for_them(house: House) -> None:
    """A short outage: the job is held back and comes again by itself."""
    dispatcher, phone = house.dispatcher, steps.new_phone()
    envelope_id = steps.sent_envelope(dispatcher, steps.unique("Sealed"), phone)
    token, dead = steps.link_to(house, phone), house.dead()
    house.kill("tsa")
    steps.sign(house.azure.base_url, token)
    steps.envelope_in(dispatcher, envelope_id, "sealing")
    assert can_plan(house)
    unsealed = dispatcher.send("GET", f"v1/envelopes/{envelope_id}/sealed")
    assert (unsealed.status, unsealed.code) == (409, "envelope-not-sealed")
    house.again("tsa")
    steps.envelope_in(dispatcher, envelope_id, "completed")
    assert house.dead() == dead
    sealed_once(house, envelope_id, phone)


def test_after_an_hour_the_timer_asks_for_the_seal_again(house: House) -> None:
    """Then two jobs may be under way, and the envelope is sealed and told of once."""
    dispatcher, phone = house.dispatcher, steps.new_phone()
    envelope_id = steps.sent_envelope(dispatcher, steps.unique("Sealed late"), phone)
    token = steps.link_to(house, phone)
    house.kill("tsa")
    steps.sign(house.azure.base_url, token)
    steps.envelope_in(dispatcher, envelope_id, "sealing")
    age_seal_request(house, envelope_id)
    assert house.push("esignature_every_hour_retry_seals").status == 202

    def asked_again() -> bool:
        trail = dispatcher.get(f"v1/envelopes/{envelope_id}/audit")
        return "ask again for seal" in {entry["action"] for entry in trail["entries"]}

    eventually("the seal being asked for again", asked_again)
    house.again("tsa")
    steps.envelope_in(dispatcher, envelope_id, "completed")
    sealed_once(house, envelope_id, phone)


def sealed_once(house: House, envelope_id: str, phone: str) -> None:
    """The PDF holds, and the signer hears of it in one message."""
    dispatcher = house.dispatcher
    sealed = dispatcher.must("GET", f"v1/envelopes/{envelope_id}/sealed").body
    report = dispatcher.post("v1/signature-verifications", sealed, Content_Type="application/pdf")
    assert (report["verdict"], len(report["signatures"])) == ("valid", 1)

    def completed() -> list[dict[str, Any]]:
        return [each for each in house.messages(phone) if "/api/sign/" not in each["text"]]

    eventually("the signer being told", completed)
    house.settled()
    assert len(completed()) == 1
    trail = dispatcher.get(f"v1/envelopes/{envelope_id}/audit")
    assert [entry["action"] for entry in trail["entries"]].count("complete envelope") == 1


def age_seal_request(house: House, envelope_id: str) -> None:
    """As if it had been asked for two hours ago: the host's clock is the real one."""
    connection = cosmos_connection(house.azure.ports, house.azure.keys)
    then = (datetime.now(UTC) - timedelta(hours=2)).isoformat().replace("+00:00", "Z")

    async def age() -> None:
        async with CosmosClient.from_connection_string(connection) as client:
            kept = client.get_database_client("collab").get_container_client("esignature")
            operation = {"op": "set", "path": "/seal_requested_at", "value": then}
            await kept.patch_item(envelope_id, ["default", envelope_id], [operation])

    asyncio.run(age())


def test_a_provider_that_refuses_a_few_times_sends_once(house: House) -> None:
    dispatcher, phone, title = house.dispatcher, steps.new_phone(), steps.unique("Busy")
    house.communication_fails("sms", status=503, count=3)
    house.communication_fails("sms", status=429, count=1, retry_after_s=0)
    steps.sent_envelope(dispatcher, title, phone)
    eventually("every fault being used up", lambda: not house.faults_left())
    eventually("the SMS", lambda: house.messages(phone))
    assert delivered(house, phone) == 1


def test_an_answer_that_is_lost_does_not_send_twice(house: House) -> None:
    """The provider has taken the message and the app does not learn of it."""
    dispatcher, phone, title = house.dispatcher, steps.new_phone(), steps.unique("Lost")
    house.communication_fails("sms", status=503, count=2, after_recording=True)
    steps.sent_envelope(dispatcher, title, phone)
    eventually("the faults being used up", lambda: not house.faults_left())
    eventually("the SMS", lambda: house.messages(phone))
    assert delivered(house, phone) == 1


def delivered(house: House, phone: str) -> int:
    """How often the provider has it, once the app knows that it was sent."""

    def sent() -> list[dict[str, Any]]:
        items = house.people.administrator.get("v1/deliveries?limit=100&status=sent")["items"]
        return [each for each in items if each["to"].endswith(phone[-2:])]

    eventually("the delivery being sent", sent)
    house.settled()
    return len(house.messages(phone))
