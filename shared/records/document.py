"""What it means to be kept: a document, and the version of it that was read. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, Protocol

from pydantic import ConfigDict
from typing_extensions import TypeVar

from shared.contracts import Told
from shared.errors import Stale, VersionRequired
from shared.model import Model


class Document(Model):
    """Anything kept: it has an id, and a tenant that it never leaves.

    `key` is the second level of the partition key: documents that must change together share it.
    `hidden` fields never show in the audit trail, only that they changed; `personal` ones show
    until the person is forgotten, and a pseudonym from then on. What is not `audited` has no trail:
    copies of what others own, and what machines alone write.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    hidden: ClassVar[frozenset[str]] = frozenset()
    personal: ClassVar[frozenset[str]] = frozenset()
    audited: ClassVar[bool] = True
    reserved: ClassVar[frozenset[str]] = frozenset({"kind", "key", "chain", "write"})

    id: str
    tenant_id: str
    ttl: int | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **_more: object) -> None:
        if taken := cls.reserved & set(cls.model_fields):
            raise TypeError(f"{cls.__name__} has fields named as the store's own: {sorted(taken)}")

    @property
    def key(self) -> str:
        return self.id


D = TypeVar("D", bound=Document)


@dataclass(frozen=True)
class Chain:
    """The end of a document's audit trail: how many entries, and the hash of the last."""

    length: int = 0
    head: str = ""


@dataclass(frozen=True)
class Stored(Generic[D]):
    """A document as it was read. `etag` is None until it is first saved."""

    document: D
    etag: str | None = None
    chain: Chain = Chain()
    before: D | None = None

    def now(self, document: D) -> "Stored[D]":
        """The same record with new content; it remembers what the content was built on."""
        return replace(self, document=document, before=self.before or self.document)

    def matching(self, if_match: str | None) -> "Stored[D]":
        """Itself, if the caller has seen this version. Raises VersionRequired or Stale."""
        if if_match is None:
            raise VersionRequired("Send If-Match with the ETag of the version you changed.")
        if if_match != "*" and self.etag not in [tag.strip() for tag in if_match.split(",")]:
            raise Stale(f"{self.document.id} was changed meanwhile; read it again.")
        return self


@dataclass(frozen=True)
class Beside:
    """A document saved in the same batch and partition as another.

    `exists` says what happens when it is there already: "replace" it, refuse as "taken", or have it
    "removed"; "needed" refuses where it is not there. With `stored`, as it was read, it must not
    have changed since, and its own trail goes on; without it has none.
    """

    document: Document
    exists: str = "replace"
    stored: "Stored[Any] | None" = None


class Documents(Protocol[D]):
    """Where documents of one kind are kept."""

    async def get(self, tenant_id: str, document_id: str, key: str | None = None) -> Stored[D]:
        """Raises Missing. `key` is needed where it is not the id."""
        ...

    async def save(
        self,
        stored: Stored[D],
        action: str,
        *told: Told,
        beside: Sequence[Beside] = (),
    ) -> Stored[D]:
        """Document, audit entry, events and jobs, all or nothing. Raises Stale, Taken or Needed."""
        ...

    async def remove(
        self, stored: Stored[D], action: str, *told: Told, beside: Sequence[Beside] = ()
    ) -> None:
        """Delete it; its audit trail stays. Raises Stale."""
        ...
