"""On whose behalf and in which chain of causes the running code acts.

One context variable, set at the edges (HTTP, messages, timers) and read where things are saved,
sent or logged, so that use cases need not carry it.
"""

import re
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")
CORRELATION_ID = re.compile(r"^[A-Za-z0-9._:-]{1,100}$")


@dataclass(frozen=True)
class Actor:
    """Who acts: `kind` is user, service, signer or system."""

    kind: str
    id: str


@dataclass(frozen=True)
class Handling:
    """A message being handled: by which function, and the id that stays the same on redelivery."""

    function: str
    message_id: str


@dataclass(frozen=True)
class Scope:
    """`traceparent` follows W3C Trace Context, https://www.w3.org/TR/trace-context/.

    `next_id` gives the ids of one attempt at a request; `repeats` says that an attempt before may
    have been saved.
    """

    correlation_id: str
    traceparent: str
    actor: Actor = Actor("system", "collab")
    handling: Handling | None = None
    next_id: Callable[[], str] | None = None
    repeats: bool = False


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope:
    """The running scope, or a fresh one outside any edge (a script, a test)."""
    return _current.get() or begin()


def begin(correlation_id: str | None = None, traceparent: str | None = None) -> Scope:
    """A scope from what the caller sent; what is missing or malformed is made new."""
    trace = _child_of(traceparent or "")
    given = correlation_id if correlation_id and CORRELATION_ID.match(correlation_id) else None
    return Scope(correlation_id=given or trace.split("-")[1], traceparent=trace)


@contextmanager
def entered(scope: Scope) -> Generator[Scope]:
    """Run what follows in `scope`."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def become(actor: Actor) -> None:
    """Go on as `actor`, until the scope ends that was entered last."""
    _current.set(replace(current(), actor=actor))


@contextmanager
def acting_as(actor: Actor) -> Generator[Scope]:
    """Run what follows as `actor`, in the same chain of causes."""
    with entered(replace(current(), actor=actor)) as scope:
        yield scope


def _child_of(traceparent: str) -> str:
    match = TRACEPARENT.match(traceparent)
    trace_id, flags = (match[1], match[3]) if match else (secrets.token_hex(16), "01")
    return f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"
