"""Step 5: the sealed PDF before independent judges."""

import shutil
import subprocess
from pathlib import Path

from local.demo.client import Client
from local.demo.people import People
from local.demo.show import Show

PDF = {"Content_Type": "application/pdf"}


def proven(show: Show, people: People, envelope_id: str, roots: bytes, results: Path) -> None:
    """pyHanko always, pdfsig and qpdf where they are installed, and the app's own verification."""
    dispatcher = people.dispatcher.client
    sealed = dispatcher.must("GET", f"v1/envelopes/{envelope_id}/sealed").body
    file = results / "delivery-note-signed.pdf"
    file.write_bytes(sealed)
    authority = dispatcher.must("GET", "v1/certificate-authority").body
    signatures = by_pyhanko(sealed, authority, roots)
    show.check(
        "pyHanko finds two signatures, each valid and timestamped", signatures == [True, True]
    )
    _by_pdfsig(show, file)
    _by_qpdf(show, file)
    _by_the_app(show, dispatcher, sealed)
    evidence = dispatcher.must("GET", f"v1/envelopes/{envelope_id}/evidence.pdf").body
    (results / "evidence.pdf").write_bytes(evidence)
    show.check("the evidence is a PDF", evidence.startswith(b"%PDF-"))


def by_pyhanko(pdf: bytes, authority: bytes, timestamp_roots: bytes) -> list[bool]:
    """For each signature: intact, by our authority, and with a trusted timestamp."""
    from io import BytesIO

    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    def context(pem: bytes) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(load_certs_from_pemder_data(pem)), allow_fetching=False
        )

    found = []
    for signature in PdfFileReader(BytesIO(pdf)).embedded_signatures:
        status = validate_pdf_signature(signature, context(authority), context(timestamp_roots))
        stamped = status.timestamp_validity
        found.append(bool(status.bottom_line and stamped and stamped.valid and stamped.trusted))
    return found


def _by_pdfsig(show: Show, file: Path) -> None:
    if pdfsig := shutil.which("pdfsig"):
        said = subprocess.run(
            [pdfsig, "-nocert", str(file)], capture_output=True, text=True, check=False
        ).stdout
        show.check(
            "pdfsig finds them valid", said.count("Signature is Valid.") == 2, said.splitlines()
        )


def _by_qpdf(show: Show, file: Path) -> None:
    if qpdf := shutil.which("qpdf"):
        done = subprocess.run(
            [qpdf, "--check", str(file)], capture_output=True, text=True, check=False
        )
        show.check("qpdf finds the file sound", done.returncode == 0, done)


def _by_the_app(show: Show, dispatcher: Client, sealed: bytes) -> None:
    report = dispatcher.post("v1/signature-verifications", sealed, **PDF)
    show.check("the app verifies it as valid", report["verdict"] == "valid", report)
    where = sealed.index(b"stream") + 10
    altered = sealed[:where] + bytes([sealed[where] ^ 1]) + sealed[where + 1 :]
    report = dispatcher.post("v1/signature-verifications", altered, **PDF)
    show.check("one changed byte makes it invalid", report["verdict"] == "invalid", report)
