"""Canaries: each fails when a library mends, or newly breaks, what we work around."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from shared.pades import engine
from tests.pades import documents
from tests.pades.people import World
from tests.pades.validators import needs_qpdf

ROOT = Path(__file__).parents[2]
HEAVY = ("endesive", "pypdf", "pyhanko", "asn1crypto", "reportlab", "pypdfium2", "PIL")
LIGHT = (
    "shared.pades",
    "shared.pades.signing",
    "shared.pades.stamping",
    "shared.pades.verifying",
    "shared.pades.inspecting",
    "shared.pades.rendering",
    "shared.pades.timestamping",
    "shared.pades.certificates",
)


def _python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_public_modules_import_nothing_heavy() -> None:
    code = f"import sys, {', '.join(LIGHT)}; print([n for n in {HEAVY} if n in sys.modules])"
    assert _python(code).stdout.strip() == "[]"


def test_engine_loads_without_endesives_verifier() -> None:
    code = (
        "import sys; from shared.pades import engine; engine.load();"
        "print([n for n in ('oscrypto', 'certvalidator', 'endesive.pdf') if n in sys.modules])"
    )
    assert _python(code).stdout.strip() == "[]"


def test_endesive_pdf_still_needs_a_loader_here() -> None:
    """With an OpenSSL before 3.0.10 it does import, and engine.py does no harm."""
    done = _python("import endesive.pdf")
    if done.returncode == 0:
        pytest.skip("endesive.pdf imports on this machine's OpenSSL")
    assert "oscrypto.errors.LibraryNotFoundError" in done.stderr


def _upstream(world: World, pdf: bytes) -> bytes:
    from shared.pades.certificates import make_key

    fields = {"sigflags": 3, "signingdate": "D:20260301093000+00'00'", "aligned": 16384}
    writer = engine.load().SignedData()
    return bytes(writer.sign(pdf, fields, make_key(), world.root.certificate, [], "sha256", None))


@needs_qpdf
@pytest.mark.parametrize("flavour", ["classic", "xref-stream"])
def test_endesive_alone_still_cannot_write_with_this_pypdf(world: World, flavour: str) -> None:
    """When this fails, revision.py may lose its _write."""
    with pytest.raises(TypeError, match="write_to_stream"):
        _upstream(world, documents.flavoured(flavour))


def test_endesive_still_names_ec_signatures_rsa(world: World) -> None:
    """When this fails, cms_signature.py need not name the algorithm."""
    from asn1crypto import cms
    from endesive.signer import Signer

    from shared.pades.certificates import KeyKind, make_root
    from tests.pades.people import NOW

    ec = make_root("EC", now=NOW, kind=KeyKind.EC_P256)
    built = Signer(b"", ec.key, ec.certificate, [], "sha256", True, b"\0" * 32).build()
    (signer,) = cms.ContentInfo.load(built)["content"]["signer_infos"]
    assert signer["signature_algorithm"]["algorithm"].native == "rsassa_pkcs1v15"


def test_hooks_that_we_override_are_still_there() -> None:
    writer = engine.load().SignedData
    for hook in ("_make_signature", "_make_sig_annotation", "_write", "_add_object"):
        assert callable(getattr(writer, hook))
    assert PdfReader(BytesIO(documents.plain()))._startxref > 0
