"""Links through which the client sends: to an entity, or requests to a node."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from local.servicebus.codec.types import DecodeError, Described
from local.servicebus.entities.mishaps import SEND
from local.servicebus.entities.namespace import Entity
from local.servicebus.faults import Fault, entity_not_found, message_too_large, too_many_replies
from local.servicebus.links.link import Channel, Link
from local.servicebus.links.outgoing import ReplyLink
from local.servicebus.message import BATCH_FORMAT, split_batch
from local.servicebus.performatives import (
    RECEIVER,
    SEQUENCE_MASK,
    Outcome,
    Transfer,
    disposition,
    outcome,
)
from local.servicebus.performatives import rejected as rejection
from local.servicebus.settings import PREMIUM_BATCH_BYTES

CREDIT = 1000


class IncomingLink(Link, ABC):
    """Puts deliveries together from their frames and answers each with an outcome."""

    max_message_bytes: int

    def __init__(self, channel: Channel, name: str, handle: int, node: str) -> None:
        super().__init__(channel, name, handle, node)
        self._first: Transfer | None = None
        self._payload = bytearray()
        self._size = 0

    @abstractmethod
    def take(self, message: bytes, message_format: int) -> None:
        """Raises Fault or DecodeError when it is refused."""

    def grant(self) -> None:
        self.link_credit = CREDIT
        self.channel.send_flow(self)

    def transfer(self, frame: Transfer) -> None:
        if frame.aborted:
            self._clear()
            return
        if self._first is None:
            self._first = frame
        self._size += len(frame.payload)
        if self._size <= self.max_message_bytes:
            self._payload += frame.payload
        if not frame.more:
            self._finish(self._first, settled=frame.settled or self._first.settled)

    def _finish(self, first: Transfer, *, settled: bool) -> None:
        if first.delivery_id is None:
            raise DecodeError("a delivery without an id")
        state = self._judge(bytes(self._payload), self._size, first.message_format)
        self._clear()
        self.delivery_count = (self.delivery_count + 1) & SEQUENCE_MASK
        self.link_credit -= 1
        if not settled:
            self.channel.send(
                disposition(role=RECEIVER, delivery_id=first.delivery_id, state=state)
            )
        if self.link_credit < CREDIT // 2:
            self.grant()

    def _judge(self, message: bytes, size: int, message_format: int) -> Described:
        try:
            if size > self.max_message_bytes:
                return rejection(message_too_large(self.max_message_bytes))
            self.take(message, message_format)
        except Fault as fault:
            return rejection(fault)
        except DecodeError as error:
            return rejection(Fault("amqp:decode-error", str(error)))
        return outcome(Outcome.ACCEPTED)

    def _clear(self) -> None:
        self._first, self._size = None, 0
        self._payload.clear()


class EntitySender(IncomingLink):
    """Sends to a queue or topic."""

    def __init__(self, channel: Channel, name: str, handle: int, entity: Entity) -> None:
        super().__init__(channel, name, handle, entity.path)
        limit = entity.settings.max_message_bytes
        self.max_message_bytes = limit
        self.max_batch_bytes = min(limit, PREMIUM_BATCH_BYTES)
        self._entity = entity

    def take(self, message: bytes, message_format: int) -> None:
        if message_format != BATCH_FORMAT:
            messages = [message]
        elif len(message) <= self.max_batch_bytes:
            messages = split_batch(message)
        else:
            raise message_too_large(self.max_batch_bytes)
        self.channel.namespace.send(self._entity, messages)
        if self._entity.mishaps.next("send", SEND) == "disconnect":
            self.channel.drop()  # it is there, but its sender does not learn of it


class RequestLink(IncomingLink):
    """Sends requests to a node; `answer` makes each one's reply."""

    max_message_bytes = 64 * 1024

    def __init__(
        self,
        channel: Channel,
        name: str,
        handle: int,
        node: str,
        *,
        answer: Callable[[bytes], bytes],
        reply_link: Callable[[str], ReplyLink | None],
    ) -> None:
        super().__init__(channel, name, handle, node)
        self._answer = answer
        self._reply_link = reply_link

    def take(self, message: bytes, message_format: int) -> None:  # noqa: ARG002 - a request is never a batch
        replies = self._reply_link(self.node)
        if replies is None:
            raise entity_not_found(f"{self.node} (no link for the reply)")
        if replies.is_full:
            raise too_many_replies(self.node)
        replies.reply(self._answer(message))
