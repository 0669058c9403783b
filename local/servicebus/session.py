"""An AMQP session: frames of its links in and out, their windows and their dispositions."""

from typing import Protocol

from local.servicebus.claims import Claims
from local.servicebus.codec.encode import composite
from local.servicebus.codec.fields import Fields
from local.servicebus.codec.types import DecodeError, UInt, UShort
from local.servicebus.entities.namespace import Namespace
from local.servicebus.faults import Fault, message_lock_lost, unauthorized
from local.servicebus.links.attaching import Attaching
from local.servicebus.links.incoming import EntitySender, IncomingLink
from local.servicebus.links.link import Link
from local.servicebus.links.outgoing import OutgoingLink
from local.servicebus.links.receiver import EntityReceiver
from local.servicebus.performatives import (
    SENDER,
    SEQUENCE_MASK,
    Attach,
    Disposition,
    Flow,
    Performative,
    Transfer,
    detach,
    disposition,
    rejected,
)

WINDOW = 5000
MAX_HANDLE = 4999


class Output(Protocol):
    """The connection, as its sessions see it."""

    max_payload: int

    @property
    def congested(self) -> bool:
        """The client reads more slowly than it is sent to: transfers wait."""

    def send(self, channel: int, body: bytes) -> None: ...

    def drop(self) -> None: ...


class AmqpSession:
    """Frames of its links go to the connection on the channel of the session's number."""

    def __init__(
        self,
        number: int,
        begin: Fields,
        *,
        namespace: Namespace,
        claims: Claims,
        output: Output,
    ) -> None:
        self.namespace = namespace
        self._window = begin.number(2) or 0
        self._number = number
        self._claims = claims
        self._output = output
        self._next_incoming_id = (begin.number(1) or 0) & SEQUENCE_MASK
        self._next_outgoing_id = 0
        self._next_delivery_id = 0
        self._since_flow = 0
        self._links: dict[int, Link] = {}
        self._attaching = Attaching(self, namespace, claims, self._links)
        greeting = [UShort(number), UInt(0), UInt(WINDOW), UInt(WINDOW), UInt(MAX_HANDLE)]
        self.send(composite(Performative.BEGIN, greeting))

    # What links ask for

    @property
    def outgoing_room(self) -> int:
        return 0 if self._output.congested else self._window

    def send(self, performative: bytes, payload: bytes = b"") -> None:
        self._output.send(self._number, performative + payload)

    def send_flow(self, link: Link | None = None) -> None:
        self._since_flow = 0
        fields: list[object] = [
            UInt(self._next_incoming_id),
            UInt(WINDOW),
            UInt(self._next_outgoing_id),
            UInt(WINDOW),
        ]
        if link is not None:
            drained = link.drain if link.client_receives else None
            fields += [
                UInt(link.handle),
                UInt(link.delivery_count),
                UInt(max(link.link_credit, 0)),
                None,
                drained,
            ]
        self.send(composite(Performative.FLOW, fields))

    def transfer(self, link: Link, message: bytes, tag: bytes, *, settled: bool) -> int:
        delivery_id = self._next_delivery_id
        self._next_delivery_id = (delivery_id + 1) & SEQUENCE_MASK
        fields: list[object] = [UInt(link.handle), UInt(delivery_id), tag, UInt(0), settled]
        position = 0
        while True:
            chunk = message[position : position + self._output.max_payload]
            position += len(chunk)
            more = position < len(message)
            self.send(composite(Performative.TRANSFER, [*fields, more]), chunk)
            self._next_outgoing_id = (self._next_outgoing_id + 1) & SEQUENCE_MASK
            self._window -= 1
            fields = [UInt(link.handle), None, None, None, None]
            if not more:
                return delivery_id

    def detach(self, link: Link, fault: Fault) -> None:
        """From our side. What the client still says about the link is ignored."""
        if self._drop(link.handle, died=False) is not None:
            self.send(detach(link.handle, closed=True, fault=fault))

    def drop(self) -> None:
        self._output.drop()

    # What the connection says

    def work(self) -> None:
        """There is room for more transfers."""
        for link in list(self._links.values()):
            if isinstance(link, OutgoingLink):
                link.work()

    def receive(self, code: int, fields: Fields, body: bytes, start: int, end: int) -> None:
        """Raises DecodeError."""
        match code:
            case Performative.TRANSFER:
                self._transfer(Transfer.read(fields, body[end:]))
            case Performative.DISPOSITION:
                self._disposition(Disposition.read(fields))
            case Performative.FLOW:
                self._flow(Flow.read(fields))
            case Performative.ATTACH:
                self._attach(Attach.read(fields, body, start))
            case Performative.DETACH:
                self._detach(fields.needed_number(0), closed=fields.flag(1))
            case _:
                raise DecodeError(f"performative 0x{code:02x} does not belong in a session")

    def close(self, *, died: bool) -> None:
        for handle in list(self._links):
            self._drop(handle, died=died)

    def drop_unauthorized(self) -> None:
        """Detach the links whose token has expired without being renewed."""
        for link in list(self._links.values()):
            if not isinstance(link, EntitySender | EntityReceiver):
                continue
            if not self._claims.cover(link.node):
                self.detach(link, unauthorized("ExpiredToken: the token has expired."))

    def _attach(self, wish: Attach) -> None:
        if wish.handle in self._links:
            raise DecodeError(f"handle {wish.handle} is in use")
        if wish.handle > MAX_HANDLE:
            raise DecodeError(f"handle {wish.handle} is too high")
        self._attaching.attach(wish)

    def _detach(self, handle: int, *, closed: bool) -> None:
        if self._drop(handle, died=False) is not None:
            self.send(detach(handle, closed=closed))

    def _drop(self, handle: int, *, died: bool) -> Link | None:
        link = self._links.pop(handle, None)
        if link is not None:
            link.closed = True
            link.detached(died=died)
        return link

    def _transfer(self, frame: Transfer) -> None:
        self._next_incoming_id = (self._next_incoming_id + 1) & SEQUENCE_MASK
        self._since_flow += 1
        link = self._links.get(frame.handle)
        if isinstance(link, IncomingLink):
            link.transfer(frame)
        if self._since_flow > WINDOW // 2:
            self.send_flow()

    def _flow(self, flow: Flow) -> None:
        taken = (self._next_outgoing_id - flow.next_incoming_id) & SEQUENCE_MASK
        self._window = flow.incoming_window - taken
        if flow.handle is not None:
            link = self._links.get(flow.handle)
            if link is not None:
                link.flow(flow)
            return
        self.work()

    def _disposition(self, said: Disposition) -> None:
        if not said.from_receiver:
            return  # about what the client sent: that was settled with our answer
        if said.first == said.last:
            self._settle(said.first, said)
            return
        receivers = [link for link in self._links.values() if isinstance(link, EntityReceiver)]
        known = {i for link in receivers for i in link.unsettled}
        for delivery_id in sorted(i for i in known if said.first <= i <= said.last):
            self._settle(delivery_id, said)

    def _settle(self, delivery_id: int, said: Disposition) -> None:
        state = rejected(message_lock_lost())
        for link in self._links.values():
            if isinstance(link, EntityReceiver) and delivery_id in link.unsettled:
                if said.state is None and not said.settled:
                    return  # says nothing yet
                state = link.settle(delivery_id, said.state)
                break
        if not said.settled:
            self.send(disposition(role=SENDER, delivery_id=delivery_id, state=state))
