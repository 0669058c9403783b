"""What the use cases need from outside, whatever it is made of."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from functions.esignature.domain.envelope import Envelope, EnvelopeStatus
from shared.records.audit import AuditTrail
from shared.records.document import Documents, Stored

if TYPE_CHECKING:
    from shared.pades.certificates import Authority
    from shared.pades.timestamping import Timestamper


SEALED_PDF = "sealed.pdf"


class Envelopes(Documents[Envelope], Protocol):
    """Where envelopes are kept."""

    async def trail(
        self, tenant_id: str, document_id: str, key: str | None = None
    ) -> AuditTrail: ...

    async def listed(
        self, tenant_id: str, status: EnvelopeStatus | None, after: str | None, limit: int
    ) -> list[Stored[Envelope]]: ...

    async def concerning(
        self,
        tenant_id: str,
        user_id: str,
        status: EnvelopeStatus | None,
        after: str | None,
        limit: int,
    ) -> list[Stored[Envelope]]:
        """Those that the user made or is a signer of."""
        ...

    async def overdue(
        self, tenant_id: str, at: datetime, after: str | None, limit: int
    ) -> list[Stored[Envelope]]: ...

    async def unsealed(
        self, tenant_id: str, requested_before: datetime, after: str | None, limit: int
    ) -> list[Stored[Envelope]]: ...


class Tenants(Protocol):
    """Which tenants have sent envelopes."""

    async def note(self, tenant_id: str) -> None:
        """Safe to repeat, and free when repeated."""
        ...

    async def all(self) -> list[str]: ...


class Papers(Protocol):
    """Where PDFs, drawings and evidence lie. All of it is written once and never changed."""

    async def accepted(self, tenant_id: str, document_id: str, version: int) -> bytes:
        """Raises DocumentNotFound, NotAPdf, PdfNotSignable (too large) or ContentAltered."""
        ...

    async def keep_original(self, tenant_id: str, envelope_id: str, pdf: bytes) -> None: ...

    async def keep_drawing(self, envelope: Envelope, png: bytes) -> None: ...

    async def original(self, envelope: Envelope) -> bytes:
        """Raises Missing or ContentAltered."""
        ...

    async def drawing(self, envelope: Envelope, sha256: str) -> bytes:
        """Raises Missing or ContentAltered."""
        ...

    async def read(self, envelope: Envelope, name: str, sha256: str) -> bytes:
        """What the envelope knows by its hash. Raises Missing or ContentAltered."""
        ...

    def path(self, envelope: Envelope, name: str) -> str: ...

    async def found(self, envelope: Envelope, name: str) -> bytes | None:
        """What a run before may have left; None if nothing. Raises ContentAltered."""
        ...

    async def keep(self, envelope: Envelope, name: str, content: bytes, media_type: str) -> bytes:
        """What is kept under that name from now on: `content`, or what was there first."""
        ...


ProvideAuthority = Callable[[], Awaitable["Authority"]]
"""The platform's certificate authority, made when first asked for."""

ProvideTimestamper = Callable[[], "Timestamper"]
"""Raises NotConfigured where no timestamp authority is set: nothing is sealed without one."""
