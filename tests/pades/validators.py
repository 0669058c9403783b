"""Validators by other hands: poppler's pdfsig, qpdf and OpenSSL."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

needs_qpdf = pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
needs_pdfsig = pytest.mark.skipif(
    shutil.which("pdfsig") is None, reason="pdfsig (poppler-utils) is not installed"
)
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command")


def pdfsig(path: Path) -> list[str]:
    """What poppler says of each signature."""
    done = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    )
    return re.findall(r"Signature Validation: (.*)", done.stdout)


def qpdf(path: Path) -> int:
    """0: sound; 2: broken; 3: mended with warnings."""
    return subprocess.run(
        ["qpdf", "--check", str(path)], capture_output=True, check=False
    ).returncode


def openssl(path: Path, root_pem: bytes, scratch: Path) -> list[int]:
    """Exit codes of `cms -verify -cades` for each signature, certificates included."""
    pdf = path.read_bytes()
    codes = []
    root = scratch / "root.pem"
    root.write_bytes(root_pem)
    with path.open("rb") as file:
        for number, each in enumerate(PdfFileReader(file).embedded_signatures):
            _, length, start, rest = (int(value) for value in each.byte_range)
            content, cms = scratch / f"{number}.bin", scratch / f"{number}.p7"
            content.write_bytes(pdf[:length] + pdf[start : start + rest])
            cms.write_bytes(bytes(each.pkcs7_content))
            command = (
                f"openssl cms -verify -inform DER -in {cms} -content {content} -binary -cades "
                f"-CAfile {root} -purpose any -no_check_time -out {scratch / 'out'}"
            )
            done = subprocess.run(command.split(), capture_output=True, check=False)
            codes.append(done.returncode)
    return codes
