"""Levels B-LT and B-LTA are claimed only where the file itself proves them, offline and years
later.
"""

from datetime import timedelta
from io import BytesIO

import pytest
from asn1crypto import crl, keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from shared.pades.certificates import Authority
from shared.pades.levels import Level
from shared.pades.report import Changes, Kind
from tests.pades import documents
from tests.pades.people import NOW, World

HOUR = timedelta(hours=1)


def _revocations(root: Authority, revoked: int | None = None) -> crl.CertificateList:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(NOW)
        .next_update(NOW + timedelta(days=30))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()),
            critical=False,
        )
    )
    if revoked is not None:
        entry = x509.RevokedCertificateBuilder().serial_number(revoked)
        builder = builder.add_revoked_certificate(entry.revocation_date(NOW - HOUR).build())
    built = builder.sign(root.key, SHA256())
    return crl.CertificateList.load(built.public_bytes(Encoding.DER))


def _with_store(pdf: bytes, revocations: list[crl.CertificateList]) -> bytes:
    out = BytesIO(pdf)
    (first, *_) = PdfFileReader(out).embedded_signatures
    DocumentSecurityStore.add_dss(
        out,
        bytes(first.pkcs7_content),
        certs=[first.signer_cert, *first.other_embedded_certs],
        crls=revocations,
    )
    return out.getvalue()


def _document_timestamp(world: World, pdf: bytes) -> bytes:
    private = world.tsa.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    client = DummyTimeStamper(
        asn1.Certificate.load(world.tsa.certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(private),
        fixed_dt=NOW + HOUR,
    )
    out = BytesIO()
    PdfTimeStamper(client).timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), "sha256", output=out
    )
    return out.getvalue()


@pytest.fixture
def stamped(world: World) -> bytes:
    return world.sign(documents.plain(), timestamper=world.timestamp).pdf


def test_store_with_revocation_lists_makes_b_lt(world: World, stamped: bytes) -> None:
    report = world.verify(_with_store(stamped, [_revocations(world.root)]), NOW + 2 * HOUR)
    assert report.valid, report
    (only,) = report.signatures
    assert only.level is Level.B_LT
    assert only.changes is Changes.ARCHIVAL


def test_store_without_revocation_data_proves_nothing(world: World, stamped: bytes) -> None:
    report = world.verify(_with_store(stamped, []), NOW + 2 * HOUR)
    assert report.valid, report
    assert report.signatures[0].level is Level.B_T


def test_document_timestamp_over_the_store_makes_b_lta(world: World, stamped: bytes) -> None:
    pdf = _document_timestamp(world, _with_store(stamped, [_revocations(world.root)]))
    for later in (2 * HOUR, timedelta(days=2000)):
        report = world.verify(pdf, NOW + later)
        assert report.valid, report
        signature, seal = report.signatures
        assert signature.level is Level.B_LTA
        assert seal.kind is Kind.DOCUMENT_TIMESTAMP


def test_altered_byte_under_a_document_timestamp_is_found(world: World, stamped: bytes) -> None:
    pdf = bytearray(_document_timestamp(world, stamped))
    pdf[pdf.index(b"ReportLab")] ^= 1
    report = world.verify(bytes(pdf), NOW + 2 * HOUR)
    assert [each.valid for each in report.signatures] == [False, False]


def test_revoked_signer_is_never_b_lt(world: World) -> None:
    pdf = world.sign(documents.plain(), timestamper=world.timestamp).pdf
    (embedded,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    serial = embedded.signer_cert.serial_number
    revocations = _revocations(world.root, revoked=serial)
    report = world.verify(_with_store(pdf, [revocations]), NOW + 2 * HOUR)
    assert report.signatures[0].level not in (Level.B_LT, Level.B_LTA)
    assert not report.valid


def test_store_added_after_the_document_timestamp_is_not_sealed(
    world: World, stamped: bytes
) -> None:
    pdf = _with_store(_document_timestamp(world, stamped), [_revocations(world.root)])
    report = world.verify(pdf, NOW + 2 * HOUR)
    assert report.valid, report
    assert report.signatures[0].level is Level.B_LT
