"""A loopback HTTP page beside the broker: what its entities hold, and what is dead and why."""

import asyncio
import json
import logging
from http import HTTPStatus
from typing import TypedDict
from urllib.parse import parse_qs, urlsplit

from local.servicebus.entities.held import Held, State
from local.servicebus.entities.namespace import Namespace
from local.servicebus.entities.queue import Queue
from local.servicebus.faults import Fault

LONGEST_HEAD = 16 * 1024
SHOWN_BODY_BYTES = 2048
SHOWN_MESSAGES = 100
LOCAL_HOSTS = {"127.0.0.1", "localhost"}
log = logging.getLogger(__name__)


class Refused(Exception):
    """The request gets a status and a sentence instead of a page."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class EntityCounts(TypedDict):
    name: str
    kind: str
    active: int
    locked: int
    scheduled: int
    deferred: int
    dead_letters: int


class Admin:
    """Reads only. A page of another site must not reach it through a name that points here."""

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> int:
        """The port that it listens on. Raises OSError when the given one is taken."""
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", port, limit=LONGEST_HEAD
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(10):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            status, page = self._answer(head)
            writer.write(_response(status, page))
            await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.debug("a request for a page was not whole")
        finally:
            writer.close()

    def _answer(self, head: str) -> tuple[HTTPStatus, object]:
        try:
            return HTTPStatus.OK, self._page(head)
        except Refused as refused:
            return refused.status, {"error": str(refused)}
        except Fault as fault:
            return HTTPStatus.NOT_FOUND, {"error": fault.description}

    def _page(self, head: str) -> object:
        line, _, headers = head.partition("\r\n")
        method, target, _ = [*line.split(" "), "", "", ""][:3]
        _check_host(headers)
        if method != "GET":
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET is served here.")
        address = urlsplit(target)
        match address.path:
            case "/_local/health":
                return {"status": "ok"}
            case "/_local/entities":
                return {"entities": [_counts(queue) for queue in self._namespace.queues]}
            case "/_local/dead-letters":
                return self._dead_letters(parse_qs(address.query).get("entity", [""])[0])
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such page.")

    def _dead_letters(self, entity: str) -> object:
        queues = [self._namespace.find_queue(entity)] if entity else self._namespace.queues
        graves = [queue.dead_letters or queue for queue in queues]
        messages = [message for grave in graves for message in grave.peek(0, SHOWN_MESSAGES)]
        return {
            "count": sum(len(grave.messages) for grave in graves),
            "messages": [_dead_letter(message) for message in messages[:SHOWN_MESSAGES]],
        }


def _check_host(headers: str) -> None:
    for line in headers.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "host" and value.strip().partition(":")[0] not in LOCAL_HOSTS:
            raise Refused(HTTPStatus.FORBIDDEN, "Only this machine is served here.")


def _counts(queue: Queue) -> EntityCounts:
    states = [message.state for message in queue.messages.values()]
    return {
        "name": queue.path,
        "kind": "subscription" if "/Subscriptions/" in queue.path else "queue",
        "active": states.count(State.ACTIVE),
        "locked": sum(message.lock is not None for message in queue.messages.values()),
        "scheduled": states.count(State.SCHEDULED),
        "deferred": states.count(State.DEFERRED),
        "dead_letters": len(queue.dead_letters.messages) if queue.dead_letters else 0,
    }


def _dead_letter(message: Held) -> dict[str, object]:
    content, body = message.content, message.content.body()
    return {
        "entity": message.dead.source if message.dead else message.entity,
        "sequence_number": message.number,
        "message_id": content.message_id,
        "subject": content.subject,
        "session_id": content.session_id,
        "correlation_id": content.correlation_id,
        "enqueued_ms": message.enqueued_ms,
        "delivery_count": message.delivery_count,
        "reason": message.dead.reason if message.dead else None,
        "description": message.dead.description if message.dead else None,
        "body": body[:SHOWN_BODY_BYTES].decode("utf-8", "replace"),
        "body_bytes": len(body),
    }


def _response(status: HTTPStatus, page: object) -> bytes:
    body = json.dumps(page, indent=1).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body
