"""What a verifier says of a PDF, in words that people and programs can both read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.pades.levels import Level


class Verdict(StrEnum):
    """Of the whole file."""

    VALID = "valid"
    INVALID = "invalid"
    UNSIGNED = "unsigned"


class Coverage(StrEnum):
    """How much of the file a signature covers."""

    DOCUMENT = "the whole document"
    REVISION = "its whole revision"
    PART = "only a part"


class Changes(StrEnum):
    """What was added after a signature."""

    NONE = "nothing"
    ARCHIVAL = "validation data or document timestamps"
    FORM_FILLING = "further signatures or filled-in form fields"
    OTHER = "something that signers did not agree to"


class Kind(StrEnum):
    """What stands in the signature field."""

    SIGNATURE = "signature"
    DOCUMENT_TIMESTAMP = "document timestamp"


@dataclass(frozen=True)
class SignatureReport:
    """One signature. `signed_at` is only a claim unless `time_is_trusted`."""

    field_name: str
    kind: Kind
    valid: bool
    intact: bool
    trusted: bool
    signer_name: str | None
    signer_email: str | None
    signed_at: datetime | None
    time_is_trusted: bool
    level: Level
    coverage: Coverage
    changes: Changes
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """All signatures in the order in which they were made, and problems of the file as a whole."""

    verdict: Verdict
    signatures: tuple[SignatureReport, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        return self.verdict is Verdict.VALID
