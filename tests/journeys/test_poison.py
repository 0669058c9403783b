"""Messages that nobody can read end in `poison`, each with its reason, and nothing dies of them."""

import json

import pytest

from local.demo.client import eventually
from local.provision import topology
from tests.journeys import steps
from tests.journeys.house import House
from tests.journeys.messages import message, send

BUS = topology()["serviceBus"]
QUEUES = [each for each in BUS["queues"] if "consumer" not in each]
LABELS = {
    (topic["name"], subscription["correlationFilter"]["label"])
    for topic in BUS["topics"]
    for subscription in topic["subscriptions"]
}


def test_rubbish_in_every_queue_and_topic(house: House) -> None:
    house.settled()
    dead, before = house.dead(), house.poisoned()
    queues = [(q["name"], message(b"\xff\x00", session=q["requiresSession"])) for q in QUEUES]
    topics = [(topic, message(b'{"half": ', label, session=True)) for topic, label in LABELS]
    send(house, queues + topics)
    copies = len(QUEUES) + sum(len(topic["subscriptions"]) for topic in BUS["topics"])
    eventually("each being put aside", lambda: house.poisoned() == before + copies)
    house.settled()
    assert house.poisoned() == before + copies
    assert house.dead() == dead
    title = steps.unique("Afterwards")  # nobody stands still because of it
    yard = steps.place(house.dispatcher)
    steps.planned(house.dispatcher, title, house.driver.id, yard)
    eventually("the driver being told", lambda: steps.titles(house.driver.client, title))


@pytest.mark.parametrize("body", [b"", b"{}", json.dumps({"id": "x"}).encode()])
def test_what_is_json_and_no_job(house: House, body: bytes) -> None:
    house.settled()
    dead, before = house.dead(), house.poisoned()
    send(house, [("esignature-seal", message(body))])
    eventually("it being put aside", lambda: house.poisoned() == before + 1)
    assert house.dead() == dead
