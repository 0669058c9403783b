"""Our own certificate authority: a root, and one short-lived certificate for each signer.
Knows no store.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from shared.pades.errors import CertificateRefused
from shared.pades.identity import SigningIdentity

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
ROOT_YEARS = 10
LONGEST_NAME = 64  # ub-common-name of X.520; in bytes of UTF-8, which is how libraries count
CLOCK_SKEW = timedelta(minutes=5)
SIGNING_PERIOD = timedelta(days=1)
# RFC 9336, and Microsoft's older one, which Acrobat knows.
DOCUMENT_SIGNING = (
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),
    x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),
)


class KeyKind(StrEnum):
    """The kinds of key that we make."""

    RSA_2048 = "RSA-2048"
    EC_P256 = "EC-P256"


@dataclass(frozen=True)
class Authority:
    """A root certificate and its key."""

    key: PrivateKey
    certificate: x509.Certificate

    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def key_pem(self, password: bytes | None = None) -> bytes:
        encryption = BestAvailableEncryption(password) if password else NoEncryption()
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)

    @classmethod
    def from_pem(cls, key: bytes, certificate: bytes, password: bytes | None = None) -> "Authority":
        """Raises CertificateRefused where the key is of no kind we sign with, or belongs to
        another.
        """
        loaded = load_pem_private_key(key, password)
        root = x509.load_pem_x509_certificate(certificate)
        if not isinstance(loaded, PrivateKey):
            raise CertificateRefused("An authority signs with an RSA or an elliptic-curve key.")
        if loaded.public_key() != root.public_key():
            raise CertificateRefused("The key does not belong to the certificate.")
        return cls(loaded, root)


def make_key(kind: KeyKind = KeyKind.RSA_2048) -> PrivateKey:
    if kind is KeyKind.EC_P256:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def make_root(
    common_name: str,
    *,
    now: datetime,
    organization: str | None = None,
    kind: KeyKind = KeyKind.RSA_2048,
) -> Authority:
    """A self-signed root, valid for ten years, that may issue end-entity certificates only."""
    key = make_key(kind)
    name = _name(common_name, organization)
    builder = _builder(name, name, key, now, timedelta(days=365 * ROOT_YEARS + 2))
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(certificates=True), critical=True)
        .sign(key, SHA256())
    )
    return Authority(key, certificate)


def issue(
    authority: Authority,
    *,
    name: str,
    now: datetime,
    email: str | None = None,
    period: timedelta = SIGNING_PERIOD,
    kind: KeyKind = KeyKind.RSA_2048,
) -> SigningIdentity:
    """A fresh key and certificate for one signer, good for signing documents around `now`.

    Raises CertificateRefused.
    """
    root = authority.certificate
    if now < root.not_valid_before_utc or now + period > root.not_valid_after_utc:
        raise CertificateRefused("The authority's own certificate does not cover that period.")
    key = make_key(kind)
    builder = _builder(_name(name, None), root.subject, key, now, period)
    issuer_id = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(DOCUMENT_SIGNING), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id),
            critical=False,
        )
    )
    if email:
        addresses = x509.SubjectAlternativeName([_address(email)])
        builder = builder.add_extension(addresses, critical=False)
    return SigningIdentity.of_key(key, builder.sign(authority.key, SHA256()), (root,))


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: PrivateKey,
    now: datetime,
    period: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(secrets.randbits(158) | 1 << 158)  # 159 bits: RFC 5280 allows 20 octets
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + period)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common_name: str, organization: str | None) -> x509.Name:
    words = " ".join(common_name.split())
    if not words or not words.isprintable():
        raise CertificateRefused("A certificate needs a printable name.")
    if len(words.encode()) > LONGEST_NAME:
        kept = words.encode()[: LONGEST_NAME - len("…".encode())]
        words = kept.decode(errors="ignore") + "…"
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, words)]
    if organization:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(parts)


def _address(email: str) -> x509.RFC822Name:
    """Its domain by IDNA 2008: to the codec of Python, straße.de were strasse.de, of others."""
    import idna

    local, _, domain = email.rpartition("@")
    if not local or not domain:
        raise CertificateRefused("That is no e-mail address.")
    try:
        return x509.RFC822Name(f"{local}@{idna.encode(domain, uts46=True).decode()}")
    except ValueError as error:
        raise CertificateRefused("That e-mail address does not fit into a certificate.") from error


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,  # once called nonRepudiation
        key_cert_sign=certificates,
        crl_sign=certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
