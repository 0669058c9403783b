"""What every link has, and what it asks of the session that it is attached to."""

from typing import Protocol

from local.servicebus.entities.namespace import Namespace
from local.servicebus.faults import Fault
from local.servicebus.performatives import Flow


class Channel(Protocol):
    """An AMQP session, as its links see it."""

    @property
    def namespace(self) -> Namespace: ...

    @property
    def outgoing_room(self) -> int:
        """How many more transfer frames the client takes."""

    def send(self, performative: bytes, payload: bytes = b"") -> None: ...

    def send_flow(self, link: "Link | None" = None) -> None: ...

    def transfer(self, link: "Link", message: bytes, tag: bytes, *, settled: bool) -> int:
        """Deliver a message in as many frames as it takes. The delivery's id."""

    def detach(self, link: "Link", fault: Fault) -> None: ...

    def drop(self) -> None:
        """Cut the connection once this turn is committed; nothing more is said."""


class Link:
    """`node` is the path of what it is attached to. Counts are AMQP's own, see 2.6.7."""

    client_receives = False

    def __init__(self, channel: Channel, name: str, handle: int, node: str) -> None:
        self.channel = channel
        self.name = name
        self.handle = handle
        self.node = node
        self.delivery_count = 0
        self.link_credit = 0
        self.drain = False
        self.closed = False

    def flow(self, flow: Flow) -> None:
        """The client granted credit, or asks how things stand."""

    def detached(self, *, died: bool) -> None:
        """The link is gone. `died`: without a word, with its connection."""
