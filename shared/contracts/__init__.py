"""What capabilities know of each other: the events they tell and the jobs they ask for."""

from typing import ClassVar

from pydantic import AwareDatetime, ConfigDict, Field

from shared.model import Model
from shared.platform.ids import new_id


class Told(Model):
    """Anything sent through Service Bus. `type` never changes meaning; a new one is a new type."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # contracts grow: readers ignore the new

    type: ClassVar[str]

    id: str = Field(default_factory=new_id)
    tenant_id: str
    at: AwareDatetime

    @classmethod
    def destination(cls) -> str:
        """The topic, named after the owner, or the queue."""
        return cls.type.split(".", 1)[0]

    @property
    def kept_s(self) -> int:
        """How long it may wait to be sent, in seconds, and lies there afterwards."""
        return 7 * 24 * 60 * 60


class Event(Told):
    """A fact, told to whoever subscribes to its owner's topic."""


class Job(Told):
    """A wish, put on a queue of its own so that its retries repeat only it."""

    queue: ClassVar[str]

    @classmethod
    def destination(cls) -> str:
        return cls.queue
