"""The certificates that signers get, and those that nobody gets."""

from datetime import timedelta

import pytest
from cryptography import x509

from shared.pades.certificates import Authority, KeyKind, issue, make_root
from shared.pades.errors import CertificateRefused
from tests.pades.people import NOW


def _leaf(root: Authority, name: str = "Ana", email: str | None = None) -> x509.Certificate:
    identity = issue(root, name=name, email=email, now=NOW, kind=KeyKind.EC_P256)
    return x509.load_der_x509_certificate(identity.certificate)


def test_leaf_is_for_signing_documents_and_nothing_else(root: Authority) -> None:
    leaf = _leaf(root, email="ana@example.com")
    leaf.verify_directly_issued_by(root.certificate)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    addresses = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert addresses.get_values_for_type(x509.RFC822Name) == ["ana@example.com"]
    assert leaf.not_valid_before_utc < NOW < leaf.not_valid_after_utc
    assert leaf.not_valid_after_utc - NOW <= timedelta(days=1)


def test_serials_have_159_bits_and_differ(root: Authority) -> None:
    serials = {_leaf(root).serial_number for _ in range(20)}
    assert len(serials) == 20
    assert {serial.bit_length() for serial in serials} == {159}


@pytest.mark.parametrize("kind", list(KeyKind))
def test_authority_survives_pem(kind: KeyKind) -> None:
    made = make_root("Root", now=NOW, organization="Example", kind=kind)
    again = Authority.from_pem(made.key_pem(b"pw"), made.certificate_pem(), b"pw")
    assert again.certificate == made.certificate
    _leaf(again).verify_directly_issued_by(made.certificate)
    years = made.certificate.not_valid_after_utc - NOW
    assert timedelta(days=3650) <= years <= timedelta(days=3656)


def test_key_of_another_is_refused(root: Authority) -> None:
    other = make_root("Other", now=NOW, kind=KeyKind.EC_P256)
    with pytest.raises(CertificateRefused):
        Authority.from_pem(other.key_pem(), root.certificate_pem())


@pytest.mark.parametrize("name", ["", "  ", "\n", "a\0b", "\u202eevil"])
def test_names_that_cannot_be_read_are_refused(root: Authority, name: str) -> None:
    with pytest.raises(CertificateRefused):
        _leaf(root, name)


@pytest.mark.parametrize(
    "email",
    ["jörg@example.com", "no-at-sign", "@", "a@" + "x" * 70 + ".de", "a@☃.example", "a@b..de"],
)
def test_addresses_that_do_not_fit_are_refused(root: Authority, email: str) -> None:
    with pytest.raises(CertificateRefused):
        _leaf(root, email=email)


def test_long_and_foreign_names_are_kept_as_far_as_x509_allows(root: Authority) -> None:
    for name, kept in (
        ("Ж" * 32, "Ж" * 32),
        ("Ж" * 33, "Ж" * 30 + "…"),
        ("x" * 65, "x" * 61 + "…"),
        ("王 小明", "王 小明"),
    ):
        (common,) = _leaf(root, name).subject
        assert common.value == kept
    leaf = _leaf(root, email="ana@bücher.example")
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.RFC822Name) == ["ana@xn--bcher-kva.example"]


def test_a_domain_is_not_taken_for_another_that_looks_like_it(root: Authority) -> None:
    for domain, kept in (
        ("straße.de", "xn--strae-oqa.de"),
        ("strasse.de", "strasse.de"),
        ("EXAMPLE.com", "example.com"),
    ):
        leaf = _leaf(root, email=f"ana@{domain}")
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.RFC822Name) == [f"ana@{kept}"]


def test_nothing_is_issued_beyond_the_root(root: Authority) -> None:
    for now in (NOW - timedelta(days=1), NOW + timedelta(days=3653)):
        with pytest.raises(CertificateRefused):
            issue(root, name="Ana", now=now)
