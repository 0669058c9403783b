"""One request on its way through the policies, and what has become of its answer so far."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from multidict import CIMultiDict

from local.gateway.operations import Operation


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that the gateway gives itself."""

    status: int
    reason: str | None = None
    headers: CIMultiDict[str] = field(default_factory=CIMultiDict)
    body: bytes = b""


@dataclass(slots=True)
class Answer:
    """The answer that policies of `outbound` and `on-error` look at and change."""

    status: int = 0
    headers: CIMultiDict[str] = field(default_factory=CIMultiDict)


@dataclass(slots=True)
class Exchange:
    """`path` and `query` are as sent, still encoded; `headers` are those of the request."""

    method: str
    path: str
    query: str
    headers: CIMultiDict[str]
    address: str
    operation: Operation | None = None
    request_id: UUID = field(default_factory=uuid4)
    answer: Answer = field(default_factory=Answer)
    # What policies put on whatever is answered in the end.
    added: CIMultiDict[str] = field(default_factory=CIMultiDict)
