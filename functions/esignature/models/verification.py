"""What is said of the signatures of any PDF."""

from pydantic import AwareDatetime

from functions.esignature.models.envelopes import Seen
from shared.pades.levels import Level
from shared.pades.report import Changes, Coverage, Kind, Verdict


class SignatureView(Seen):
    """One signature. `signed_at` is only a claim unless `time_is_trusted`."""

    field_name: str
    kind: Kind
    valid: bool
    intact: bool
    trusted: bool
    signer_name: str | None
    signer_email: str | None
    signed_at: AwareDatetime | None
    time_is_trusted: bool
    level: Level
    coverage: Coverage
    changes: Changes
    problems: list[str]


class VerificationView(Seen):
    """All signatures, oldest first, and problems of the file as a whole.

    Trusted are the platform's own certificate authority and the configured timestamp authorities.
    """

    verdict: Verdict
    signatures: list[SignatureView]
    problems: list[str]
