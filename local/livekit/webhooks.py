"""Webhooks: signed as LiveKit signs them, in order per room, retried, and dropped when too old.

Delivery is not at least once, exactly as the server's is not: after `max_age_s`, or with 200
waiting for one room, an event is gone.
"""

import asyncio
import base64
import hashlib
import logging
import time
from collections import deque
from dataclasses import dataclass, field

import aiohttp
import jwt
from google.protobuf.json_format import MessageToJson
from livekit.protocol.webhook import WebhookEvent

from local.livekit.tokens import ApiKey

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/webhook+json"
TOKEN_LIFE_S = 300
MAX_WAITING = 200
TIMEOUT = aiohttp.ClientTimeout(total=30)


@dataclass(frozen=True)
class Patience:
    """How delivery waits: 1, 2, 4, 8, 8 ... seconds between tries, 30 seconds in all."""

    first_wait_s: float = 1.0
    longest_wait_s: float = 8.0
    max_age_s: float = 30.0


def sign(body: bytes, key: ApiKey, now_s: float) -> str:
    """The `Authorization` of a webhook: a JWT whose `sha256` is that of the raw body, in base64."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    claims = {"iss": key.name, "nbf": int(now_s), "exp": int(now_s) + TOKEN_LIFE_S}
    return jwt.encode({**claims, "sha256": digest}, key.secret, algorithm="HS256")


@dataclass
class _Waiting:
    event: WebhookEvent
    since: float


@dataclass
class Webhooks:
    """One queue for each room and target, so that a slow room holds up nobody else."""

    key: ApiKey
    targets: tuple[str, ...]
    patience: Patience = field(default_factory=Patience)
    sent: int = 0
    dropped: int = 0
    _queues: dict[tuple[str, str], deque[_Waiting]] = field(default_factory=dict)
    _workers: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None

    def notify(self, event: WebhookEvent) -> None:
        """Returns at once; needs a running event loop."""
        for target in self.targets:
            place = (target, event.room.name)
            if place not in self._queues:
                self._queues[place] = deque()
                worker = asyncio.get_running_loop().create_task(self._work(place))
                self._workers.add(worker)
                worker.add_done_callback(self._workers.discard)
            if len(self._queues[place]) >= MAX_WAITING:
                self._drop(event, target, "too many wait")
            else:
                self._queues[place].append(_Waiting(event, time.monotonic()))

    @property
    def waiting(self) -> int:
        return sum(len(queue) for queue in self._queues.values())

    async def close(self) -> None:
        """What still waits is lost."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _work(self, place: tuple[str, str]) -> None:
        queue = self._queues[place]
        while queue:
            await self._deliver(queue[0], place[0])
            queue.popleft()
        del self._queues[place]

    async def _deliver(self, waiting: _Waiting, target: str) -> None:
        body = MessageToJson(waiting.event, indent=None).encode()
        token = sign(body, self.key, time.time())
        wait_s = self.patience.first_wait_s
        while time.monotonic() - waiting.since <= self.patience.max_age_s:
            if await self._post(target, body, token):
                self.sent += 1
                return
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, self.patience.longest_wait_s)
        self._drop(waiting.event, target, "too old")

    async def _post(self, target: str, body: bytes, token: str) -> bool:
        """Whether it is done with: taken, or refused for good, as any 4xx save 429 is."""
        headers = {"Authorization": token, "Content-Type": CONTENT_TYPE}
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        try:
            async with self._session.post(target, data=body, headers=headers) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("webhook to %s failed: %s", target, error)
            return False
        if status >= 300:
            log.warning("webhook to %s was answered with %d", target, status)
        return status != 429 and (status < 500 or status == 501)

    def _drop(self, event: WebhookEvent, target: str, why: str) -> None:
        self.dropped += 1
        log.error("webhook %s %s to %s dropped: %s", event.event, event.id, target, why)
