"""What the long-term data in a PDF (its document security store) proves about certificates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import RevokedError


class Standing(Enum):
    """Of a certificate, as far as embedded revocation data tells."""

    PROVEN = auto()
    UNKNOWN = auto()
    REVOKED = auto()


@dataclass
class Archive:
    """The store, if there is one, and the trusted document timestamps seen so far, newest first."""

    reader: PdfFileReader
    store: DocumentSecurityStore | None
    signers: Sequence[x509.Certificate]
    timestamps: Sequence[x509.Certificate]
    sealed_at: list[datetime] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        reader: PdfFileReader,
        signers: Sequence[x509.Certificate],
        timestamps: Sequence[x509.Certificate],
    ) -> "Archive":
        try:
            store = DocumentSecurityStore.read_dss(reader)
        except Exception:  # noqa: BLE001 - no store, or one that cannot be read, proves nothing
            store = None
        return cls(reader, store, signers, timestamps)

    def timestamped(self, seal: EmbeddedPdfSignature, at: datetime) -> None:
        """Notes a trusted document timestamp, if it was made over a store."""
        if "/DSS" in self.reader.get_historical_root(seal.signed_revision):
            self.sealed_at.append(at)

    def for_signer(self, moment: datetime) -> ValidationContext:
        """Believes what the store says of revocations, and demands nothing of it."""
        return self._context(self.signers, moment, "soft-fail")

    def for_timestamp(self, moment: datetime) -> ValidationContext:
        return self._context(self.timestamps, moment, "soft-fail")

    def _context(
        self, roots: Sequence[x509.Certificate], moment: datetime, mode: str
    ) -> ValidationContext:
        parameters: dict[str, Any] = {
            "trust_roots": list(roots),
            "moment": moment,
            "revocation_mode": mode,
            "allow_fetching": False,
            "retroactive_revinfo": True,  # fetched after signing, which is how it proves anything
        }
        if self.store is None:
            return ValidationContext(**parameters)
        context: ValidationContext = self.store.as_validation_context(parameters)
        return context

    async def standing(self, embedded: EmbeddedPdfSignature, at: datetime) -> Standing:
        """What the store alone says of the signer's certificate at the time of signing."""
        if self.store is None:
            return Standing.UNKNOWN
        validator = CertificateValidator(
            embedded.signer_cert,
            intermediate_certs=embedded.other_embedded_certs,
            validation_context=self._context(self.signers, at, "require"),
        )
        try:
            await validator.async_validate_path()
        except RevokedError:
            return Standing.REVOKED
        except Exception:  # noqa: BLE001 - whatever is missing, nothing is proven
            return Standing.UNKNOWN
        return Standing.PROVEN
