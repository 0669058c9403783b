"""What queues do over time and when things go wrong, without a socket and without waiting."""

from dataclasses import replace

import pytest

from local.servicebus.codec.encode import composite, described, encode_map
from local.servicebus.codec.types import DecodeError
from local.servicebus.entities.deferred import receive_deferred
from local.servicebus.faults import Fault
from local.servicebus.message import ANNOTATIONS, APPLICATION, HEADER, PROPERTIES, Content
from local.servicebus.rules.correlation import CorrelationFilter
from tests.contract.servicebus.messages import message
from tests.contract.servicebus.recorder import PLAIN, OneQueue, Recorder

SESSIONS = replace(PLAIN, requires_session=True)


def test_an_expired_lock_counts_until_the_message_is_dead() -> None:
    broker = OneQueue(replace(PLAIN, max_delivery_count=3))
    broker.send("x")
    consumer = broker.attach(Recorder(credit=10))
    for count in range(3):
        assert len(consumer.got) == count + 1
        broker.advance(59.9)
        assert len(consumer.got) == count + 1
        broker.advance(0.1)
    assert [held.dead.reason for held in broker.dead if held.dead] == ["MaxDeliveryCountExceeded"]
    assert not broker.queue.messages


def test_the_order_is_kept_when_messages_come_back() -> None:
    broker = OneQueue()
    broker.send("1", "2", "3")
    consumer = broker.attach(Recorder(credit=2))
    first, second = consumer.got
    broker.queue.give_back(second, counted=True)
    broker.queue.give_back(first, counted=False)
    broker.more(consumer, 3)
    assert consumer.bodies == ["1", "2", "1", "2", "3"]
    assert [held.delivery_count for held in (first, second)] == [0, 1]


def test_consumers_take_turns() -> None:
    broker = OneQueue()
    one, two = broker.attach(Recorder()), broker.attach(Recorder(credit=1))
    broker.send("1", "2", "3", "4")
    assert (one.bodies, two.bodies) == (["1", "3", "4"], ["2"])


def test_a_dead_consumer_gives_all_back_counted() -> None:
    broker = OneQueue()
    broker.send("1", "2")
    dead, closed = broker.attach(Recorder(credit=1)), broker.attach(Recorder(credit=1))
    broker.queue.detach(dead, died=True)
    broker.queue.detach(closed, died=False)
    heir = broker.attach(Recorder())
    assert [(held.content.body(), held.delivery_count) for held in heir.got] == [(b"1", 1)]
    broker.queue.remove(broker.queue.locks.find(closed.tokens[0]))  # its token still settles
    assert list(broker.queue.messages) == [1]


def test_receive_and_delete_leaves_nothing() -> None:
    broker = OneQueue()
    broker.send("1")
    consumer = broker.attach(Recorder(peek_lock=False))
    assert (consumer.bodies, broker.queue.messages) == (["1"], {})


def test_a_locked_message_outlives_its_time_until_it_comes_back() -> None:
    broker = OneQueue(replace(PLAIN, dead_letter_on_expiry=True))
    broker.send("x", life_ms=30_000)
    consumer = broker.attach(Recorder())
    broker.advance(31)
    assert not broker.dead
    broker.queue.give_back(consumer.got[0], counted=True)
    assert [held.dead.reason for held in broker.dead if held.dead] == ["TTLExpiredException"]


def test_deferred_messages_expire_too() -> None:
    broker = OneQueue()
    broker.send("x", life_ms=30_000)
    consumer = broker.attach(Recorder())
    broker.queue.defer(consumer.got[0])
    broker.advance(31)
    with pytest.raises(Fault):
        receive_deferred(broker.queue, [1], consumer, peek_lock=True)


def test_the_shorter_life_wins_and_counts_from_the_due_time() -> None:
    broker = OneQueue(replace(PLAIN, default_ttl_ms=60_000))
    due = broker.clock() + 100_000
    broker.send_raw(message("x", life_ms=90_000, due_ms=due))
    broker.advance(159)
    assert [held.time_to_live_ms for held in broker.queue.messages.values()] == [60_000]
    broker.advance(1.1)
    assert not broker.queue.messages


def test_deferred_reception_is_all_or_nothing() -> None:
    broker = OneQueue()
    broker.send("1", "2")
    consumer = broker.attach(Recorder())
    broker.queue.defer(consumer.got[0])
    with pytest.raises(Fault, match="2 was not found"):
        receive_deferred(broker.queue, [1, 2], consumer, peek_lock=True)
    assert len(receive_deferred(broker.queue, [1, 1], consumer, peek_lock=False)) == 1
    assert list(broker.queue.messages) == [2]


def test_a_batch_with_one_bad_message_is_not_taken_at_all() -> None:
    broker = OneQueue(replace(SESSIONS, duplicate_window_ms=60_000))
    good = message("good", message_id="m", session="s")
    with pytest.raises(Fault):
        broker.send_raw(good, message("no session"))
    with pytest.raises(DecodeError):
        broker.send_raw(good, b"\x00\x53\x75\xa0\x05")
    assert broker.send_raw(good, good) == [1, None]  # and the refused ones are no duplicates


def test_duplicates_are_forgotten_when_their_window_ends() -> None:
    broker = OneQueue(replace(PLAIN, duplicate_window_ms=60_000))
    one = message("x", message_id="m")
    assert broker.send_raw(one) == [1]
    broker.advance(59.9)
    assert broker.send_raw(one) == [None]
    broker.advance(0.2)
    assert broker.send_raw(one) == [2]
    assert broker.send_raw(message("without id"), message("without id")) == [3, 4]


def test_a_session_expires_counted_but_closes_uncounted() -> None:
    broker = OneQueue(SESSIONS)
    broker.send("a", session="A")
    first = broker.attach(Recorder(), "A")
    broker.queue.detach(first, died=False)
    second = broker.attach(Recorder(), "A")
    assert second.got[0].delivery_count == 0
    broker.advance(61)
    assert second.lost
    third = broker.attach(Recorder(), "A")
    assert third.got[0].delivery_count == 1
    assert second.session is not None
    with pytest.raises(Fault):
        broker.queue.sessions.owned("A", second)


def test_sessions_are_offered_oldest_message_first() -> None:
    broker = OneQueue(SESSIONS)
    broker.send("b", session="B")
    broker.send("a", session="A")
    broker.send("b2", session="B")
    assert [broker.attach(Recorder()).bodies for _ in range(2)] == [["b", "b2"], ["a"]]
    assert broker.queue.sessions.accept(Recorder(), None) is None


def test_a_session_without_work_is_not_offered() -> None:
    broker = OneQueue(SESSIONS)
    broker.send("a", session="A")
    consumer = broker.attach(Recorder())
    broker.queue.remove(consumer.got[0])
    broker.queue.detach(consumer, died=False)
    assert broker.queue.sessions.accept(Recorder(), None) is None
    assert list(broker.queue.sessions.all()) == []  # an idle session takes no memory


def test_renewing_a_session_renews_its_messages() -> None:
    broker = OneQueue(SESSIONS)
    broker.send("a", session="A")
    consumer = broker.attach(Recorder())
    for _ in range(5):
        broker.advance(50)
        broker.queue.renew_session(broker.queue.sessions.owned("A", consumer))
    assert broker.queue.locks.find(consumer.tokens[0]) is consumer.got[0]
    assert not consumer.lost


def test_dead_letters_of_dead_letters_stay() -> None:
    broker = OneQueue(replace(PLAIN, max_delivery_count=1))
    broker.send("x")
    broker.queue.give_back(broker.attach(Recorder()).got[0], counted=True)
    grave = broker.queue.dead_letters
    assert grave is not None
    consumer = Recorder()
    grave.attach(consumer)
    broker.namespace.work()
    for _ in range(20):
        grave.give_back(consumer.got[-1], counted=True)
        broker.namespace.work()
    grave.bury(consumer.got[-1], "again", None)
    assert [held.dead.reason for held in broker.dead if held.dead] == ["MaxDeliveryCountExceeded"]


def test_settled_locks_leave_nothing_behind() -> None:
    broker = OneQueue(replace(PLAIN, lock_ms=300_000))
    consumer = broker.attach(Recorder(credit=1_000_000))
    for number in range(5000):
        broker.send(f"{number}")
        broker.queue.remove(consumer.got.pop())
    assert len(broker.namespace.schedule) <= 2001


def test_filters_compare_every_condition() -> None:
    content = Content(
        message(message_id="m", subject="s", session="i", properties={"k": "v", "n": 3})
    )
    assert CorrelationFilter().takes(content)
    assert CorrelationFilter(subject="s", message_id="m", session_id="i").takes(content)
    assert CorrelationFilter(properties={"k": "v", "n": 3}).takes(content)
    for no in (
        CorrelationFilter(subject="s", correlation_id="c"),
        CorrelationFilter(content_type="text/plain"),
        CorrelationFilter(to="t"),
        CorrelationFilter(reply_to="r"),
        CorrelationFilter(properties={"k": "v", "missing": "x"}),
        CorrelationFilter(properties={"n": "3"}),
    ):
        assert not no.takes(content)


@pytest.mark.parametrize(
    "raw",
    [
        composite(HEADER, [None, None, 2**40]),
        composite(HEADER, [None, None, -1]),
        composite(HEADER, ["durable"]),
        message(due_ms=2**60),
        message(due_ms=-1),
        described(ANNOTATIONS, encode_map({"é": 1})),
        described(APPLICATION, b"\xc1\x07\x02\xa1\x01k\xa1\x01\xff"),
        composite(PROPERTIES, [[]]),
    ],
)
def test_what_could_not_be_delivered_is_refused(raw: bytes) -> None:
    """Found out on delivery, it would be too late to tell the sender."""
    with pytest.raises(DecodeError):
        OneQueue().send_raw(raw)
