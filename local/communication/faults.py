"""Faults that a test or a demonstration orders: the next requests of a channel fail as told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from local.communication.message import Channel


class FaultOrder(BaseModel):
    """What `POST /_local/faults` takes.

    `status` refuses a whole request; with `after_recording` the message is kept and only the answer
    lost. `to` fails one SMS recipient alone; `outcome: Failed` lets an e-mail be taken, then fail.
    """

    model_config = ConfigDict(extra="forbid")

    channel: Channel
    status: int = Field(default=503, ge=400, le=599)
    count: int = Field(default=1, ge=1, le=10_000)
    after_recording: bool = False
    retry_after_s: int | None = Field(default=None, ge=0, le=3600)
    to: str = ""
    outcome: str = Field(default="", pattern="^(|Failed)$")

    @model_validator(mode="after")
    def check(self) -> "FaultOrder":
        if self.to and self.channel != "sms":
            raise ValueError("`to` is for SMS: an e-mail has one answer for all its recipients")
        if self.outcome and self.channel != "email":
            raise ValueError("`outcome` is for e-mail: an SMS is answered at once")
        return self


@dataclass
class Fault:
    """`left` is how often it still happens."""

    order: FaultOrder
    left: int


@dataclass
class Faults:
    """In the order in which they were asked for; each is used up before the next."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, order: FaultOrder) -> None:
        self.waiting.append(Fault(order, order.count))

    def clear(self) -> None:
        self.waiting.clear()

    def of_request(self, channel: Channel) -> FaultOrder | None:
        """Uses up one that refuses a whole request."""
        return self._take(lambda o: o.channel == channel and not o.to and not o.outcome)

    def of_recipient(self, number: str) -> FaultOrder | None:
        return self._take(lambda o: o.channel == "sms" and o.to == number)

    def of_outcome(self) -> FaultOrder | None:
        return self._take(lambda o: o.outcome == "Failed")

    def view(self) -> list[dict[str, Any]]:
        return [{**fault.order.model_dump(), "left": fault.left} for fault in self.waiting]

    def _take(self, fits: Callable[[FaultOrder], bool]) -> FaultOrder | None:
        for fault in self.waiting:
            if fits(fault.order):
                fault.left -= 1
                if not fault.left:
                    self.waiting.remove(fault)
                return fault.order
        return None
