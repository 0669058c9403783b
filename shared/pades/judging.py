"""Walks the signatures of a file from the newest to the oldest with pyHanko, and sums up."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from shared.pades.archive import Archive, Standing
from shared.pades.judgement import Judged, judge_signature, judge_timestamp, unreadable
from shared.pades.layout import bytes_after, filled_fields
from shared.pades.levels import Level
from shared.pades.report import Changes, Coverage, Report, SignatureReport, Verdict

# They log what they find wrong with a file; here that is said in the report.
for library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(library).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True)
class Trust:
    """Whom to believe about signers, and about time."""

    signers: tuple[x509.Certificate, ...]
    timestamps: tuple[x509.Certificate, ...]

    @classmethod
    def of(cls, roots: Sequence[bytes], timestamp_roots: Sequence[bytes]) -> "Trust":
        return cls(_certificates(roots), _certificates(timestamp_roots))


def judge(pdf: bytes, trust: Trust, now: datetime) -> Report:
    """May raise anything that a broken file provokes."""
    reader = PdfFileReader(BytesIO(pdf))
    found, unread = filled_fields(reader)
    if not found and not unread:
        return Report(Verdict.UNSIGNED)
    reports = asyncio.run(_judge_all(pdf, reader, found, trust, now))
    problems = [*bytes_after(pdf, found), *_left_open(reports)]
    reports += [unreadable(name, problem) for name, problem in unread]
    valid = all(report.valid for report in reports) and not problems
    return Report(Verdict.VALID if valid else Verdict.INVALID, tuple(reports), tuple(problems))


async def _judge_all(
    pdf: bytes,
    reader: PdfFileReader,
    found: Sequence[EmbeddedPdfSignature],
    trust: Trust,
    now: datetime,
) -> list[SignatureReport]:
    """What a trusted document timestamp covers is judged as of that time, not as of now."""
    moment = now
    archive = Archive.of(reader, trust.signers, trust.timestamps)
    reports: list[SignatureReport] = []
    for embedded in reversed(found):
        try:
            if embedded.sig_object_type == "/DocTimeStamp":
                judged = await judge_timestamp(pdf, embedded, archive.for_timestamp(moment))
                if judged.time is not None:
                    moment = judged.time
                    archive.timestamped(embedded, judged.time)
            else:
                judged = await _judge_one(pdf, embedded, moment, archive)
        except Exception as error:  # noqa: BLE001 - one broken signature must not hide the others
            judged = Judged(unreadable(embedded.field_name, type(error).__name__))
        reports.append(judged.report)
    return reports[::-1]


async def _judge_one(
    pdf: bytes,
    embedded: EmbeddedPdfSignature,
    moment: datetime,
    archive: Archive,
) -> Judged:
    judged = await judge_signature(
        pdf, embedded, archive.for_signer, archive.for_timestamp(moment), moment
    )
    standing = await archive.standing(embedded, judged.time or moment)
    if standing is Standing.REVOKED:
        return judged.revoked()
    if standing is Standing.PROVEN and judged.report.level is Level.B_T:
        return judged.at_level(Level.B_LTA if archive.sealed_at else Level.B_LT)
    return judged


def _left_open(reports: Sequence[SignatureReport]) -> list[str]:
    """The newest signature must reach the end of the file, but for what keeps signatures alive."""
    last = reports[-1] if reports else None
    if last is None or last.coverage is Coverage.DOCUMENT:
        return []
    if last.changes in (Changes.NONE, Changes.ARCHIVAL):
        return []
    return ["The document was changed after the last signature."]


def _certificates(encoded: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    certificates = []
    for each in encoded:
        ders = (
            [der for _, _, der in pem.unarmor(each, multiple=True)] if pem.detect(each) else [each]
        )
        certificates += [x509.Certificate.load(der) for der in ders]
    return tuple(certificates)
