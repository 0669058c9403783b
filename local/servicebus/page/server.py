"""The page's addresses, and how a change is on disk before anybody is told of it."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from local.servicebus.entities.namespace import Entity, Namespace
from local.servicebus.entities.queue import Queue
from local.servicebus.entities.rescue import purge, resubmit
from local.servicebus.entities.topic import Topic
from local.servicebus.faults import entity_not_found
from local.servicebus.page import shown
from local.servicebus.page.asking import MOST_SHOWN, Order, number, only_local

LOOPBACK = "127.0.0.1"
SHOWN_DEAD = 100
LARGEST_ORDER = 1024 * 1024


class Page:
    """`committed` returns once all that was done until then is on disk and handed out."""

    def __init__(self, namespace: Namespace, committed: Callable[[], Awaitable[None]]) -> None:
        self._namespace = namespace
        self._committed = committed
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> int:
        """The port that it listens on. Raises OSError when the given one is taken."""
        app = web.Application(middlewares=[only_local], client_max_size=LARGEST_ORDER)
        app.router.add_get("/_local/health", self._health)
        app.router.add_get("/_local/entities", self._entities)
        app.router.add_get("/_local/messages", self._messages)
        app.router.add_get("/_local/dead-letters", self._dead_letters)
        app.router.add_post("/_local/resubmit", self._resubmit)
        app.router.add_post("/_local/purge", self._purge)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _entities(self, _: web.Request) -> web.Response:
        found: list[Entity] = [*self._namespace.queues, *self._namespace.topics]
        return web.json_response({"entities": [shown.entity(each) for each in found]})

    async def _messages(self, request: web.Request) -> web.Response:
        wanted = request.query.get("entity", "")
        holder = self._holder(wanted, dead=number(request, "dead", 0) == 1)
        limit = number(request, "limit", MOST_SHOWN, MOST_SHOWN)
        found = holder.peek(number(request, "after", 0) + 1, limit + 1)
        more = found[limit - 1].number if len(found) > limit > 0 else None
        messages = [shown.message(each) for each in found[:limit]]
        return web.json_response({"messages": messages, "next": more})

    async def _dead_letters(self, request: web.Request) -> web.Response:
        entity = request.query.get("entity", "")
        queues = [self._namespace.find_queue(entity)] if entity else self._namespace.queues
        graves = [queue.dead_letters or queue for queue in queues]
        messages = [each for grave in graves for each in grave.peek(0, SHOWN_DEAD)]
        count = sum(len(grave.messages) for grave in graves)
        listed = [shown.dead_letter(each) for each in messages[:SHOWN_DEAD]]
        return web.json_response({"count": count, "messages": listed})

    async def _resubmit(self, request: web.Request) -> web.Response:
        order = await Order.read(request)
        queue = self._namespace.find_queue(order.entity())
        count = resubmit(queue, order.numbers())
        await self._committed()
        return web.json_response({"resubmitted": count})

    async def _purge(self, request: web.Request) -> web.Response:
        order = await Order.read(request)
        count = purge(self._holder(order.entity(), dead=order.flag("dead")), order.numbers())
        await self._committed()
        return web.json_response({"purged": count})

    def _holder(self, path: str, *, dead: bool) -> Queue | Topic:
        """Whose messages are meant. Raises the fault of an entity that is not there."""
        found = self._namespace.find(path)
        if not dead:
            return found
        if isinstance(found, Topic) or found.dead_letters is None:
            raise entity_not_found(f"{path}/$DeadLetterQueue")
        return found.dead_letters
