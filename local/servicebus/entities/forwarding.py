"""Messages passed on from one entity to another, and why one could not be."""

from dataclasses import dataclass
from typing import Protocol

from local.servicebus.faults import Fault
from local.servicebus.message import Content

MOST_HOPS = 4
TOO_MANY_HOPS = (
    "MaxTransferHopCountExceeded",
    f"The message was forwarded more than {MOST_HOPS} times.",
)
NOT_TAKEN = "TransferFailed"


@dataclass(frozen=True, slots=True)
class Passage:
    """How a message comes to an entity: after so many hops, numbered when it was first sent."""

    hops: int = 0
    enqueued_number: int | None = None


DIRECT = Passage()


class Target(Protocol):
    """A queue or a topic, to those who forward to it."""

    def check(self, content: Content) -> None: ...

    def publish(self, content: Content, passage: Passage = DIRECT) -> int | None: ...


def forward(target: Target, content: Content, passage: Passage) -> tuple[str, str] | None:
    """None: it is there. Else the reason and description with which it stays behind."""
    if passage.hops > MOST_HOPS:
        return TOO_MANY_HOPS
    try:
        target.check(content)
    except Fault as fault:
        return NOT_TAKEN, fault.description
    target.publish(content, passage)
    return None
