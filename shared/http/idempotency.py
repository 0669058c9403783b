"""Idempotency-Key: the same request twice has one effect and one answer.

After draft-ietf-httpapi-idempotency-key-header-07: 422 when a key comes back with another body, 409
while its first request is still running. A key belongs to one tenant, user, method and path, and is
remembered for a day. An attempt that died leaves a claim that nobody renews; after some seconds the
next attempt takes it over, and at once where the attempt ended in doubt: with the same ids, so that
what was created is found and not made again.
"""

import base64
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import ClassVar

import azure.functions as func
from pydantic import AwareDatetime, Field

from shared.errors import Conflict, Invalid, Malformed, Missing, Refusal, Stale, Unavailable
from shared.http.keeping_alive import KeptAlive
from shared.identity.caller import Caller
from shared.platform import clock
from shared.platform.clients import container
from shared.platform.ids import ids_of_attempt, new_id
from shared.provided import Provided
from shared.records.clashes import Exists
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Document, Documents, Stored
from shared.telemetry import scope
from shared.telemetry.logs import warn

KEY = re.compile(r'^"?([\x21\x23-\x7e]{1,200})"?$')
KEPT_S = 24 * 60 * 60
CLAIM_LIVES = timedelta(seconds=20)  # since it was last renewed
RENEWED_EVERY_S = 5.0
KEPT_HEADERS = ("ETag", "Location", "Cache-Control")


class InFlight(Conflict):
    """The first request with this Idempotency-Key is still running."""

    code = "idempotency-key-in-flight"


class KeyReused(Invalid):
    """This Idempotency-Key was used with another body."""

    code = "idempotency-key-reused"


class Attempt(Document):
    """One request's claim, and once it is answered its answer."""

    audited: ClassVar[bool] = False

    fingerprint: str
    claimed_at: AwareDatetime
    first_id: str
    status: int | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    body_base64: str = ""
    ttl: int | None = KEPT_S


attempts: Provided[Documents[Attempt]] = Provided(
    lambda: CosmosDocuments(container("idempotency"), Attempt, clock.now)
)


async def once(
    caller: Caller, req: func.HttpRequest, run: Callable[[], Awaitable[func.HttpResponse]]
) -> func.HttpResponse:
    """Run it, or give the answer of the run before. Raises InFlight, KeyReused or Malformed."""
    name = _name(caller, req)
    fingerprint = sha256(req.get_body()).hexdigest()
    claim = await _claim(caller.tenant_id, name, fingerprint)
    if claim.document.status is not None:
        return _replayed(claim.document)
    ids = ids_of_attempt(claim.document.first_id)
    repeats = claim.before is not None
    kept = KeptAlive(claim, _renewed, RENEWED_EVERY_S)
    try:
        async with kept:
            with scope.entered(replace(scope.current(), next_id=ids, repeats=repeats)):
                response = await run()
    except BaseException as error:
        await _let_go(kept.claim, undone=_surely_undone(error))
        raise
    answered = _answered(kept.claim.document, response)
    with suppress(Stale):  # taken over meanwhile; whoever has it now keeps the answer
        await attempts().save(kept.claim.now(answered), "keep answer")
    return response


async def _renewed(claim: Stored[Attempt]) -> Stored[Attempt]:
    alive = claim.document.model_copy(update={"claimed_at": clock.now()})
    return await attempts().save(claim.now(alive), "renew claim")


def _surely_undone(error: BaseException) -> bool:
    """A refusal changed nothing; after anything else the save may have been made all the same."""
    return isinstance(error, Refusal) and not isinstance(error, Unavailable)


async def _let_go(claim: Stored[Attempt], *, undone: bool) -> None:
    """Free the key; where something may have been saved, only for an attempt with the same ids."""
    try:
        if undone:
            await attempts().remove(claim, "give up claim")
            return
        over = claim.document.model_copy(
            update={"claimed_at": claim.document.claimed_at - CLAIM_LIVES}
        )
        await attempts().save(claim.now(over), "leave claim")
    except Exception as error:  # noqa: BLE001 - what went wrong before is what the caller is told
        warn("idempotency.claim_left", error=type(error).__name__)


async def _claim(tenant_id: str, name: str, fingerprint: str) -> Stored[Attempt]:
    now = clock.now()
    fresh = Attempt(
        id=name,
        tenant_id=tenant_id,
        fingerprint=fingerprint,
        claimed_at=now,
        first_id=new_id(),
    )
    try:
        return await attempts().save(Stored(fresh), "claim")
    except Exists:
        pass
    try:
        earlier = await attempts().get(tenant_id, name)
    except Missing:  # given up between the two calls
        raise _in_flight() from None
    _must_fit(earlier.document, fingerprint, now)
    if earlier.document.status is not None:
        return earlier
    taken_over = earlier.now(earlier.document.model_copy(update={"claimed_at": now}))
    try:
        saved = await attempts().save(taken_over, "take over claim")
    except Stale:  # somebody else took it over
        raise _in_flight() from None
    return replace(saved, before=earlier.document)


def _must_fit(earlier: Attempt, fingerprint: str, now: datetime) -> None:
    if earlier.fingerprint != fingerprint:
        raise KeyReused("This Idempotency-Key was used with another body.")
    if earlier.status is None and now < earlier.claimed_at + CLAIM_LIVES:
        raise _in_flight()


def _in_flight() -> InFlight:
    return InFlight("The first request with this key is still running.", retry_after_s=2)


def _name(caller: Caller, req: func.HttpRequest) -> str:
    match = KEY.match(req.headers["idempotency-key"])
    if not match:
        raise Malformed("Idempotency-Key is 1 to 200 visible ASCII characters.")
    path = json.dumps(dict(sorted(req.route_params.items()))) + req.url.partition("?")[0]
    parts = (caller.id, req.method or "", path, match[1])
    return sha256("\x1f".join(parts).encode()).hexdigest()


def _answered(attempt: Attempt, response: func.HttpResponse) -> Attempt:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    headers["Content-Type"] = response.mimetype
    body = base64.b64encode(response.get_body() or b"").decode()
    return attempt.model_copy(
        update={"status": response.status_code, "headers": headers, "body_base64": body}
    )


def _replayed(attempt: Attempt) -> func.HttpResponse:
    headers = dict(attempt.headers)
    media_type = headers.pop("Content-Type")
    return func.HttpResponse(
        base64.b64decode(attempt.body_base64),
        status_code=attempt.status or HTTPStatus.OK,
        headers={**headers, "Idempotency-Replayed": "true"},
        mimetype=media_type,
    )
