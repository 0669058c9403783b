"""What "ready" means. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """`degraded`: something optional is down; what does not need it works."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True)
class Finding:
    """How one dependency answered. Without `required` the app works, with less."""

    name: str
    required: bool
    up: bool
    latency_ms: float
    detail: str | None = None


def overall(findings: Sequence[Finding]) -> Status:
    """Down when anything required is."""
    if any(finding.required and not finding.up for finding in findings):
        return Status.DOWN
    if all(finding.up for finding in findings):
        return Status.UP
    return Status.DEGRADED
