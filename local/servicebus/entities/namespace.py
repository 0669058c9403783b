"""All entities of one Service Bus namespace, found by the paths that clients use."""

from collections.abc import Iterator
from dataclasses import replace

from local.faults.plan import NONE, Faults
from local.servicebus.entities.machinery import Forgetful, Journal, Machinery
from local.servicebus.entities.queue import DEAD_LETTERS, TRANSFER_DEAD_LETTERS, Queue
from local.servicebus.entities.topic import Topic
from local.servicebus.faults import entity_not_found
from local.servicebus.message import Content
from local.servicebus.schedule import Clock, Schedule
from local.servicebus.settings import QueueSettings, TopicSettings, Topology

Entity = Queue | Topic


class Namespace:
    """Paths are found in any case: `queue`, `topic`, `topic/Subscriptions/name`, each of the
    first and last with `/$DeadLetterQueue` or `/$Transfer/$DeadLetterQueue` behind it."""

    def __init__(
        self,
        topology: Topology,
        clock: Clock,
        journal: Journal | None = None,
        faults: Faults = NONE,
    ) -> None:
        self.schedule = Schedule(clock)
        self.machinery = Machinery(self.schedule, journal or Forgetful(), faults)
        self.queues: list[Queue] = []
        self.topics: list[Topic] = []
        self._by_path: dict[str, Entity] = {}
        for queue in topology.queues:
            self._add_queue(queue.name, queue)
        for topic in topology.topics:
            self._add_topic(topic)
        for each in self.queues:
            self._connect(each)

    def find(self, path: str) -> Entity:
        """Raises the fault of an entity that is not there."""
        entity = self._by_path.get(path.strip("/").lower())
        if entity is None:
            raise entity_not_found(path)
        return entity

    def find_queue(self, path: str) -> Queue:
        """What can be received from. Raises the fault of an entity that is not there."""
        entity = self.find(path)
        if not isinstance(entity, Queue):
            raise entity_not_found(path)
        return entity

    def entities(self) -> Iterator[Entity]:
        """Everything that holds messages, dead-letter queues too."""
        return iter(self._by_path.values())

    def send(self, entity: Entity, messages: list[bytes]) -> list[int | None]:
        """All or none. The sequence numbers, None for a duplicate. Raises DecodeError or Fault."""
        contents = [Content(message) for message in messages]
        for content in contents:
            entity.check(content)
        return [entity.publish(content) for content in contents]

    def work(self) -> None:
        self.machinery.work()

    def _add_queue(self, path: str, settings: QueueSettings) -> Queue:
        grave = replace(
            settings,
            max_delivery_count=None,
            requires_session=False,
            duplicate_window_ms=0,
            default_ttl_ms=None,
            forward_to=None,
            forward_dead_letters_to=None,
        )
        dead_letters = Queue(f"{path}/{DEAD_LETTERS}", grave, self.machinery)
        undelivered = Queue(f"{path}/{TRANSFER_DEAD_LETTERS}", grave, self.machinery)
        queue = Queue(path, settings, self.machinery, dead_letters, undelivered)
        self.queues.append(queue)
        for entity in (queue, dead_letters, undelivered):
            self._by_path[entity.path.lower()] = entity
        return queue

    def _connect(self, queue: Queue) -> None:
        settings = queue.settings
        if settings.forward_to is not None:
            queue.forwards = self.find(settings.forward_to)
        if settings.forward_dead_letters_to is not None:
            queue.forwards_dead = self.find(settings.forward_dead_letters_to)

    def _add_topic(self, settings: TopicSettings) -> None:
        subscriptions = [
            self._add_queue(
                f"{settings.name}/Subscriptions/{subscription.name}",
                _within_topic(subscription, settings),
            )
            for subscription in settings.subscriptions
        ]
        topic = Topic(settings, subscriptions, self.machinery)
        self.topics.append(topic)
        self._by_path[topic.path.lower()] = topic


def _within_topic(subscription: QueueSettings, topic: TopicSettings) -> QueueSettings:
    """The shorter life wins; a subscription itself detects no duplicates."""
    lives = [ttl for ttl in (subscription.default_ttl_ms, topic.default_ttl_ms) if ttl]
    return replace(subscription, default_ttl_ms=min(lives, default=None), duplicate_window_ms=0)
