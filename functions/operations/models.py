"""What callers see of operations."""

from pydantic import ConfigDict

from functions.operations.domain import Status
from shared.model import Model


class HealthView(Model):
    """The process answers."""

    status: Status = Status.UP
    version: str


class DependencyView(Model):
    """How one dependency answered. `latency_ms` is the time to its answer or to giving up."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    required: bool
    up: bool
    latency_ms: float
    detail: str | None


class ReadyView(Model):
    """`down` comes with 503: a required dependency did not answer."""

    status: Status
    version: str
    dependencies: list[DependencyView]
