"""Judges one signature or one document timestamp with pyHanko, and puts the outcome into words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import x509
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.generic_cms import collect_timing_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    ModificationInfo,
    SignatureCoverageLevel,
    SignatureStatus,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from shared.pades.layout import gap_problems
from shared.pades.levels import Level
from shared.pades.report import Changes, Coverage, Kind, SignatureReport

COVERAGES = {
    SignatureCoverageLevel.ENTIRE_FILE: Coverage.DOCUMENT,
    SignatureCoverageLevel.ENTIRE_REVISION: Coverage.REVISION,
}
CHANGES = {
    ModificationLevel.NONE: Changes.NONE,
    ModificationLevel.LTA_UPDATES: Changes.ARCHIVAL,
    ModificationLevel.FORM_FILLING: Changes.FORM_FILLING,
}
ALTERED = "The signed bytes were altered."
FORGED = "The signature does not match its certificate."
UNTRUSTED = "The signer's certificate is not trusted, or was not valid at that time."
CHANGED = "The document was changed afterwards in ways that break the signature."
REVOKED = "The signer's certificate had been revoked when it signed."
PARTIAL = "The signature covers only a part of the document as it was."


@dataclass(frozen=True)
class Judged:
    """`time` is when the signature existed at the latest, where a trusted timestamp proves it."""

    report: SignatureReport
    time: datetime | None = None

    def at_level(self, level: Level) -> "Judged":
        return replace(self, report=replace(self.report, level=level))

    def revoked(self) -> "Judged":
        problems = tuple(each for each in self.report.problems if each != UNTRUSTED)
        report = replace(self.report, valid=False, trusted=False, problems=(*problems, REVOKED))
        return replace(self, report=report)


async def judge_signature(
    pdf: bytes,
    embedded: EmbeddedPdfSignature,
    signers_at: Callable[[datetime], ValidationContext],
    timestamps: ValidationContext,
    moment: datetime,
) -> Judged:
    """A short-lived certificate counts as of the trusted timestamp; without one, as of `moment`."""
    stamp = await _timestamp(embedded, timestamps)
    proven = stamp.timestamp if stamp is not None and _sound(stamp) else None
    status = await async_validate_pdf_signature(
        embedded, signers_at(proven or moment), ts_validation_context=timestamps
    )
    problems = [*_integrity(status), *gap_problems(pdf, embedded), *_later(status)]
    if status.intact and status.valid and not status.trusted:
        problems.append(UNTRUSTED)
    if stamp is not None and proven is None:
        problems.append("The timestamp is forged, altered or not trusted.")
    if not problems and not status.bottom_line:
        problems.append("The signature breaks a constraint of its field or its certificate.")
    report = SignatureReport(
        field_name=str(embedded.field_name),
        kind=Kind.SIGNATURE,
        valid=not problems,
        intact=status.intact and status.valid,
        trusted=status.trusted,
        signer_name=_name(status.signing_cert),
        signer_email=_email(status.signing_cert),
        signed_at=proven or status.signer_reported_dt,
        time_is_trusted=proven is not None,
        level=_level(embedded, proven is not None),
        coverage=_coverage(status),
        changes=_changes(status),
        problems=tuple(problems),
    )
    return Judged(report, proven)


async def judge_timestamp(
    pdf: bytes, embedded: EmbeddedPdfSignature, timestamps: ValidationContext
) -> Judged:
    """A document timestamp in a field of its own (ISO 32000-2, 12.8.5)."""
    status: DocumentTimestampStatus = await async_validate_pdf_timestamp(embedded, timestamps)
    imprint = embedded.compute_digest()
    content = embedded.signed_data["encap_content_info"]["content"].parsed
    problems = [*_integrity(status), *gap_problems(pdf, embedded), *_later(status)]
    if content["message_imprint"]["hashed_message"].native != imprint and ALTERED not in problems:
        problems.append(ALTERED)
    if status.intact and status.valid and not status.trusted:
        problems.append("The timestamp authority is not trusted.")
    report = SignatureReport(
        field_name=str(embedded.field_name),
        kind=Kind.DOCUMENT_TIMESTAMP,
        valid=not problems,
        intact=status.intact and status.valid,
        trusted=status.trusted,
        signer_name=_name(status.signing_cert),
        signer_email=None,
        signed_at=status.timestamp,
        time_is_trusted=not problems,
        level=Level.B_T if not problems else Level.NOT_PADES,
        coverage=_coverage(status),
        changes=_changes(status),
        problems=tuple(problems),
    )
    return Judged(report, None if problems else status.timestamp)


def unreadable(field_name: str, reason: str) -> SignatureReport:
    """The report on a signature that cannot even be parsed."""
    return SignatureReport(
        field_name=field_name,
        kind=Kind.SIGNATURE,
        valid=False,
        intact=False,
        trusted=False,
        signer_name=None,
        signer_email=None,
        signed_at=None,
        time_is_trusted=False,
        level=Level.NOT_PADES,
        coverage=Coverage.PART,
        changes=Changes.OTHER,
        problems=(f"The signature cannot be read ({reason}).",),
    )


async def _timestamp(
    embedded: EmbeddedPdfSignature, context: ValidationContext
) -> TimestampSignatureStatus | None:
    timing = await collect_timing_info(embedded.signer_info, context, embedded.compute_digest)
    status: TimestampSignatureStatus | None = timing.get("timestamp_validity")
    return status


def _sound(status: SignatureStatus) -> bool:
    return status.intact and status.valid and status.trusted


def _integrity(status: SignatureStatus) -> list[str]:
    if not status.intact:
        return [ALTERED]
    return [] if status.valid else [FORGED]


def _later(status: ModificationInfo) -> list[str]:
    if _coverage(status) is Coverage.PART:
        return [PARTIAL]
    timestamp = isinstance(status, DocumentTimestampStatus)
    broken = _changes(status) is Changes.OTHER if timestamp else not status.docmdp_ok
    return [CHANGED] if broken else []


def _coverage(status: ModificationInfo) -> Coverage:
    level = status.coverage
    return COVERAGES.get(level, Coverage.PART) if level is not None else Coverage.PART


def _changes(status: ModificationInfo) -> Changes:
    level = status.modification_level
    return CHANGES.get(level, Changes.OTHER) if level is not None else Changes.OTHER


def _level(embedded: EmbeddedPdfSignature, timestamped: bool) -> Level:
    """EN 319 142-1, table 1: the sub-filter, the certificate named in what is signed, no
    signing-time.
    """
    attributes = {each["type"].native for each in embedded.signer_info["signed_attrs"]}
    pades = (
        str(embedded.sig_object.get("/SubFilter")) == "/ETSI.CAdES.detached"
        and "signing_certificate_v2" in attributes
        and "signing_time" not in attributes
    )
    if not pades:
        return Level.NOT_PADES
    return Level.B_T if timestamped else Level.B_B


def _name(certificate: x509.Certificate) -> str | None:
    native = certificate.subject.native
    name = native.get("common_name") or native.get("organization_name")
    return str(name) if name else None


def _email(certificate: x509.Certificate) -> str | None:
    names = certificate.subject_alt_name_value
    for each in names if names is not None else []:
        if each.name == "rfc822_name":
            return str(each.native)
    address = certificate.subject.native.get("email_address")
    return str(address) if address else None
