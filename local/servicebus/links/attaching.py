"""An attach answered: which link the client gets for the address that it names, or why none."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from local.servicebus.cbs import CBS_NODE, put_token
from local.servicebus.claims import Claims
from local.servicebus.codec.encode import composite
from local.servicebus.codec.types import Described, Symbol, UInt, ULong
from local.servicebus.entities.namespace import Namespace
from local.servicebus.entities.queue import DEAD_LETTERS, Queue
from local.servicebus.faults import Fault, not_allowed
from local.servicebus.links.accepting import accept_session
from local.servicebus.links.incoming import EntitySender, IncomingLink, RequestLink
from local.servicebus.links.link import Channel, Link
from local.servicebus.links.outgoing import ReplyLink
from local.servicebus.links.receiver import EntityReceiver
from local.servicebus.management.node import MANAGEMENT, answer
from local.servicebus.performatives import Attach, Performative, detach

SESSION_FILTER = "com.microsoft:session-filter"
LARGEST_REQUEST = 1024 * 1024
SETTLED = 1  # sender-settle-mode of receive-and-delete


def path_of(address: str | None) -> str:
    """'amqps://host:port/queue', '/queue' or 'queue' as 'queue'."""
    path = urlsplit(address).path if address and "://" in address else address
    return unquote(path or "").strip("/")


@dataclass
class Attaching:
    """One per AMQP session: makes its links and keeps them in `links`, by handle."""

    channel: Channel
    namespace: Namespace
    claims: Claims
    links: dict[int, Link]

    def attach(self, wish: Attach) -> None:
        try:
            link = self._link(wish, path_of(wish.address))
            session_id, wanted = _session_filter(wish)
            if isinstance(link, EntityReceiver):
                _check_session(link.queue, wanted=wanted)
        except Fault as fault:
            self.refuse(wish, fault)
            return
        self.links[wish.handle] = link
        if isinstance(link, EntityReceiver) and wanted:
            accept_session(self, link, wish, session_id)
            return
        self.confirm(wish, link)
        if isinstance(link, EntityReceiver):
            link.queue.attach(link)

    def confirm(
        self,
        wish: Attach,
        link: Link,
        source: Described | None = None,
        properties: dict[object, object] | None = None,
    ) -> None:
        """Echo the client's own addresses: it compares them."""
        limit = link.max_message_bytes if isinstance(link, IncomingLink) else None
        if isinstance(link, EntitySender):
            properties = {Symbol("com.microsoft:max-message-batch-size"): link.max_batch_bytes}
        self.channel.send(
            composite(
                Performative.ATTACH,
                [
                    *self._greeting(wish),
                    source or wish.field(5),
                    wish.field(6),
                    None,
                    None,
                    None if wish.is_sender else UInt(0),
                    None if limit is None else ULong(limit),
                    None,
                    None,
                    properties,
                ],
            )
        )
        if isinstance(link, IncomingLink):
            link.grant()

    def refuse(self, wish: Attach, fault: Fault) -> None:
        """An attach without the wanted terminus, then a detach that says why (2.6.3)."""
        self.links.pop(wish.handle, None)
        count = None if wish.is_sender else UInt(0)
        fields = [*self._greeting(wish), None, None, None, None, count]
        self.channel.send(composite(Performative.ATTACH, fields))
        self.channel.send(detach(wish.handle, closed=True, fault=fault))

    def reply_link(self, node: str) -> ReplyLink | None:
        for link in self.links.values():
            if isinstance(link, ReplyLink) and link.node == node:
                return link
        return None

    def _greeting(self, wish: Attach) -> list[object]:
        return [wish.name, UInt(wish.handle), wish.is_sender, wish.field(3), wish.field(4)]

    def _link(self, wish: Attach, path: str) -> Link:
        if path.lower() == CBS_NODE:
            return self._node(wish, CBS_NODE, RequestLink.max_message_bytes)
        entity_path, _, last = path.rpartition("/")
        if last.lower() == MANAGEMENT:
            self.claims.require(entity_path)
            entity = self.namespace.find(entity_path)
            # Scheduled messages come in requests.
            limit = entity.settings.max_message_bytes + LARGEST_REQUEST
            return self._node(wish, f"{entity.path}/{MANAGEMENT}", limit)
        self.claims.require(path)
        return self._entity_link(wish, path)

    def _node(self, wish: Attach, node: str, limit: int) -> Link:
        if not wish.is_sender:
            return ReplyLink(self.channel, wish.name, wish.handle, node)
        requests = RequestLink(
            self.channel,
            wish.name,
            wish.handle,
            node,
            answer=lambda request: self._answer(node, request),
            reply_link=self.reply_link,
        )
        requests.max_message_bytes = limit
        return requests

    def _answer(self, node: str, request: bytes) -> bytes:
        if node == CBS_NODE:
            return put_token(self.claims, request)
        entity = self.namespace.find(node.removesuffix(f"/{MANAGEMENT}"))
        receivers = [link for link in self.links.values() if isinstance(link, EntityReceiver)]
        return answer(self.namespace, entity, receivers, request)

    def _entity_link(self, wish: Attach, path: str) -> Link:
        if not wish.is_sender:
            queue = self.namespace.find_queue(path)
            if queue.forwards is not None:
                raise not_allowed(
                    "Cannot create a message receiver on an entity with auto-forwarding enabled."
                )
            peek_lock = wish.sender_settle_mode != SETTLED
            return EntityReceiver(self.channel, wish.name, wish.handle, queue, peek_lock=peek_lock)
        entity = self.namespace.find(path)
        if entity.path.endswith(DEAD_LETTERS) or "/Subscriptions/" in entity.path:
            raise not_allowed("Messages cannot be sent to this entity, only received from it.")
        return EntitySender(self.channel, wish.name, wish.handle, entity)


def _session_filter(wish: Attach) -> tuple[str | None, bool]:
    """(the session that is wanted, None for any; whether a session is wanted at all)."""
    filters = wish.source.mapping(7)
    if SESSION_FILTER not in filters:
        return None, False
    value = filters[SESSION_FILTER]
    value = value.value if isinstance(value, Described) else value
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return (value if isinstance(value, str) else None), True


def _check_session(queue: Queue, *, wanted: bool) -> None:
    if wanted and not queue.settings.requires_session:
        raise not_allowed(
            "A sessionful message receiver cannot be created on an entity that does not require "
            "sessions."
        )
    if queue.settings.requires_session and not wanted:
        raise not_allowed(
            "It is not possible for an entity that requires sessions to create a non-sessionful "
            "message receiver."
        )
