"""Messages that an entity passes on: where they go, as what, and what becomes of the others."""

from pathlib import Path

import pytest

from local.servicebus.entities.held import DeadLetter
from local.servicebus.entities.namespace import Namespace
from local.servicebus.message import Content
from local.servicebus.recovery import recover
from local.servicebus.rules.correlation import CorrelationFilter
from local.servicebus.rules.rule import Rule
from local.servicebus.settings import QueueSettings, TopicSettings, Topology
from local.servicebus.store import SqliteJournal
from local.servicebus.topology import TopologyError, read_topology
from tests.contract.servicebus import entities
from tests.contract.servicebus.messages import message
from tests.contract.servicebus.moving import MovedClock
from tests.contract.servicebus.recorder import Broker, Recorder

RED = Rule("red", CorrelationFilter(subject="red"))
UNDELIVERED = "$Transfer/$DeadLetterQueue"


def chain(length: int) -> Topology:
    """q0 -> q1 -> ... and the last one keeps."""
    names = [f"q{number}" for number in range(length)]
    queues = [
        QueueSettings(name, forward_to=target)
        for name, target in zip(names, [*names[1:], None], strict=True)
    ]
    return Topology(queues=tuple(queues))


def test_queue_to_queue_keeps_the_first_number() -> None:
    broker = Broker(chain(2))
    assert broker.send_to("q0", message("x", message_id="m")) == [1]
    (held,) = broker.held("q1")
    assert (held.number, held.enqueued_number, held.content.message_id) == (2, 1, "m")
    assert broker.held("q0") == []


@pytest.mark.parametrize(("hops", "arrives"), [(4, True), (5, False)])
def test_four_hops_and_no_more(hops: int, arrives: bool) -> None:
    broker = Broker(chain(hops + 1))
    broker.send_to("q0", message("x"))
    assert broker.bodies(f"q{hops}") == (["x"] if arrives else [])
    if not arrives:
        (dead,) = broker.held(f"q{hops - 1}/{UNDELIVERED}")
        assert dead.dead is not None
        assert (dead.dead.reason, dead.dead.source) == ("MaxTransferHopCountExceeded", "q4")


def test_a_circle_ends() -> None:
    two = (QueueSettings("a", forward_to="b"), QueueSettings("b", forward_to="a"))
    broker = Broker(Topology(queues=two))
    broker.send_to("a", message("x"))
    assert broker.bodies(f"a/{UNDELIVERED}") + broker.bodies(f"b/{UNDELIVERED}") == ["x"]


def test_subscription_to_queue_and_queue_to_topic() -> None:
    topic = TopicSettings(
        "t",
        subscriptions=(
            QueueSettings("red", forward_to="reds", rules=(RED,)),
            QueueSettings("all"),
        ),
    )
    queues = (QueueSettings("in", forward_to="t"), QueueSettings("reds"))
    broker = Broker(Topology(queues=queues, topics=(topic,)))
    numbers = broker.send_to("in", message("1", subject="red"), message("2", subject="blue"))
    assert broker.bodies("reds") == ["1"]
    assert broker.bodies("t/Subscriptions/all") == ["1", "2"]
    assert [held.enqueued_number for held in broker.held("t/Subscriptions/all")] == numbers


def test_what_is_scheduled_is_forwarded_when_due() -> None:
    broker = Broker(chain(2))
    broker.send_to("q0", message("later", due_ms=broker.clock() + 60_000))
    assert (broker.bodies("q0"), broker.bodies("q1")) == (["later"], [])
    broker.advance(60)
    assert (broker.bodies("q0"), broker.bodies("q1")) == ([], ["later"])


def test_a_waiting_consumer_has_it_at_once() -> None:
    broker = Broker(chain(3))
    consumer = broker.consume("q2", Recorder())
    broker.send_to("q0", message("x"))
    assert consumer.bodies == ["x"]


def test_the_target_judges_as_if_it_were_sent_there() -> None:
    """Duplicates vanish; what it cannot take stays behind, with the reason."""
    settings = (
        QueueSettings("in", forward_to="out"),
        QueueSettings("out", duplicate_window_ms=60_000, requires_session=True, max_bytes=1000),
    )
    broker = Broker(Topology(queues=settings))
    once = message("1", message_id="m", session="s")
    broker.send_to("in", once, once, message("no session"), message("x" * 1000, session="s"))
    assert broker.bodies("out") == ["1", "x" * 1000]
    broker.send_to("in", message("too much", session="s"))
    assert broker.bodies(f"in/{UNDELIVERED}") == ["no session", "too much"]
    dead = [held.dead for held in broker.held(f"in/{UNDELIVERED}") if held.dead]
    assert [each.reason for each in dead] == ["TransferFailed"] * 2
    assert "maximum entity size" in (dead[1].description or "")


def test_dead_letters_are_forwarded_with_their_reason() -> None:
    settings = (
        QueueSettings("work", max_delivery_count=1, forward_dead_letters_to="graves"),
        QueueSettings("graves"),
    )
    broker = Broker(Topology(queues=settings))
    broker.send_to("work", message("x", properties={"k": "v"}, life_ms=90_000))
    work = broker.namespace.find_queue("work")
    work.give_back(broker.consume("work", Recorder()).got[0], counted=True)
    assert broker.held("work/$DeadLetterQueue") == []
    (held,) = broker.held("graves")
    delivered = Content(held.as_delivered())
    assert delivered.application_property("DeadLetterReason") == "MaxDeliveryCountExceeded"
    assert delivered.application_property("k") == "v"
    assert b"x-opt-deadletter-source" in held.as_delivered()
    assert (held.delivery_count, held.dead, held.time_to_live_ms) == (0, None, 90_000)


def test_the_dead_of_a_circle_end_somewhere() -> None:
    """a hands to b, b cannot keep what has no session, and hands its dead back to a."""
    settings = (
        QueueSettings("a", forward_dead_letters_to="t", dead_letter_on_expiry=True),
        QueueSettings("b"),
    )
    topic = TopicSettings(
        "t",
        subscriptions=(QueueSettings("s", requires_session=True, forward_dead_letters_to="t"),),
    )
    broker = Broker(Topology(queues=settings, topics=(topic,)))
    broker.send_to("a", message("x", life_ms=1000))
    broker.advance(2)
    assert broker.bodies(f"t/Subscriptions/s/{UNDELIVERED}") == ["x"]


def test_forwarding_turned_on_takes_along_what_was_there(tmp_path: Path) -> None:
    clock = MovedClock()
    journal = SqliteJournal(tmp_path / "servicebus.db")
    before = Namespace(Topology(queues=(QueueSettings("q0"), QueueSettings("q1"))), clock, journal)
    before.send(before.find("q0"), [message("x")])
    journal.commit()
    after = Namespace(chain(2), clock, journal)
    recover(after, journal.database)
    journal.commit()
    assert [held.content.body() for held in after.find_queue("q1").messages.values()] == [b"x"]
    rows = journal.database.execute("SELECT entity, number, enqueued_number FROM message")
    assert rows.fetchall() == [("q1", 2, 1)]
    journal.close()


def test_undelivered_ones_survive(tmp_path: Path) -> None:
    clock, journal = MovedClock(), SqliteJournal(tmp_path / "servicebus.db")
    before = Namespace(chain(6), clock, journal)
    before.send(before.find("q0"), [message("x")])
    journal.commit()
    after = Namespace(chain(6), clock)
    assert recover(after, journal.database) == {}
    (held,) = after.find_queue(f"q4/{UNDELIVERED}").messages.values()
    assert isinstance(held.dead, DeadLetter)
    journal.close()


@pytest.mark.parametrize(
    ("queues", "said"),
    [
        ([{"name": "a", "forwardTo": "A"}], "cannot forward to itself"),
        ([{"name": "a", "forwardTo": "b"}], "no queue or topic 'b'"),
        ([{"name": "a", "forwardDeadLetteredMessagesTo": "b"}], "no queue or topic 'b'"),
        (
            [{"name": "a", "requiresSession": True, "forwardTo": "b"}, {"name": "b"}],
            "what requires sessions cannot forward",
        ),
    ],
)
def test_what_cannot_be_forwarded(
    tmp_path: Path, queues: list[dict[str, object]], said: str
) -> None:
    file = entities.write(tmp_path / "t.json", {"serviceBus": {"queues": queues}})
    with pytest.raises(TopologyError, match=said):
        read_topology(file)
