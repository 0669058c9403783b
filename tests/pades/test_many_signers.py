"""Signers one after the other, on every kind of cross-reference, before four validators."""

from pathlib import Path

import pytest

from shared.pades.certificates import KeyKind
from tests.pades import documents
from tests.pades.people import World
from tests.pades.validators import needs_openssl, needs_pdfsig, needs_qpdf, openssl, pdfsig, qpdf

pytestmark = [needs_qpdf, needs_pdfsig, needs_openssl]


@pytest.mark.parametrize("flavour", documents.FLAVOURS)
@pytest.mark.parametrize("signers", [1, 2, 3, 10])
def test_every_signature_stays_valid(
    world: World, tmp_path: Path, flavour: str, signers: int
) -> None:
    pdf = documents.flavoured(flavour)
    for number in range(signers):
        kind = KeyKind.RSA_2048 if number == 1 else KeyKind.EC_P256
        pdf = world.sign(pdf, f"S{number}", kind=kind, timestamper=world.timestamp).pdf
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)

    report = world.verify(pdf)
    assert report.valid, report
    assert [each.field_name for each in report.signatures] == [f"S{n}" for n in range(signers)]
    assert pdfsig(path) == ["Signature is Valid."] * signers
    assert qpdf(path) == 0
    assert openssl(path, world.root.certificate_pem(), tmp_path) == [0] * signers


def test_validators_do_find_an_altered_byte(world: World, tmp_path: Path) -> None:
    pdf = bytearray(world.sign(documents.flavoured("classic")).pdf)
    pdf[pdf.index(b"/Producer") + 12] ^= 1
    path = tmp_path / "altered.pdf"
    path.write_bytes(pdf)
    assert pdfsig(path) != ["Signature is Valid."]
    assert openssl(path, world.root.certificate_pem(), tmp_path) != [0]
