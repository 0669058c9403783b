"""Links through which the client receives, and the simplest of them: replies to its requests."""

from collections import deque
from uuid import uuid4

from local.servicebus.links.link import Channel, Link
from local.servicebus.performatives import SEQUENCE_MASK, Flow

_HALF = 1 << 31
MOST_WAITING = 16 * 1024 * 1024  # bytes of replies for which there is no credit
MOST_REPLIES = 1000


class OutgoingLink(Link):
    """Keeps the client's credit."""

    client_receives = True

    def flow(self, flow: Flow) -> None:
        granted = (flow.delivery_count + flow.link_credit - self.delivery_count) & SEQUENCE_MASK
        self.link_credit = 0 if granted >= _HALF else granted
        self.drain = flow.drain
        self.work()
        if self.drain and self.link_credit > 0:
            self.delivery_count = (self.delivery_count + self.link_credit) & SEQUENCE_MASK
            self.link_credit = 0
            self.channel.send_flow(self)
        elif flow.echo:
            self.channel.send_flow(self)

    def work(self) -> None:
        """There may be credit for what waits."""

    def delivered(self) -> None:
        self.delivery_count = (self.delivery_count + 1) & SEQUENCE_MASK
        self.link_credit -= 1


class ReplyLink(OutgoingLink):
    """Replies wait here for credit."""

    def __init__(self, channel: Channel, name: str, handle: int, node: str) -> None:
        super().__init__(channel, name, handle, node)
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0

    def reply(self, message: bytes) -> None:
        self._waiting.append(message)
        self._waiting_bytes += len(message)
        self.work()

    @property
    def is_full(self) -> bool:
        """The client asks and asks, and does not take the answers."""
        return self._waiting_bytes > MOST_WAITING or len(self._waiting) > MOST_REPLIES

    def work(self) -> None:
        while self._waiting and self.link_credit > 0 and self.channel.outgoing_room > 0:
            message = self._waiting.popleft()
            self._waiting_bytes -= len(message)
            self.channel.transfer(self, message, uuid4().bytes, settled=True)
            self.delivered()
