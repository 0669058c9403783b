"""The authority's keys, and the tokens it signs. Knows no HTTP."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import algos, cms, parser, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shared.pades.certificates import make_root

POLICY = "2.5.29.32.0"  # anyPolicy: we promise nothing but the hour
DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
LEAF_YEARS = 9
ROOT_PEM, LEAF_PEM, LEAF_KEY = "ca.pem", "tsa.pem", "tsa.key"


class BadRequest(ValueError):
    """The query is no timestamp query."""


@dataclass(frozen=True)
class TimestampAuthority:
    """Signs the hour. `now` is asked for each token."""

    root: x509.Certificate
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    now: Callable[[], datetime]

    def root_pem(self) -> bytes:
        return self.root.public_bytes(serialization.Encoding.PEM)

    def answer(self, query: bytes) -> bytes:
        """The DER of a TimeStampResp.
        Raises BadRequest where not even a refusal can be addressed.
        """
        try:
            asked = tsp.TimeStampReq.load(query, strict=True)
            imprint = asked["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            fits = len(imprint["hashed_message"].native) == DIGESTS.get(algorithm)
            nonce = asked["nonce"].native
        except (ValueError, TypeError, KeyError) as error:
            raise BadRequest("That is no timestamp query.") from error
        if not fits:
            return _refusal("bad_alg" if algorithm not in DIGESTS else "bad_data_format")
        stamp = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": imprint,
                "serial_number": secrets.randbits(127),
                "gen_time": self.now().astimezone(UTC).replace(microsecond=0),
                **({"nonce": nonce} if nonce is not None else {}),
            }
        )
        reply = tsp.TimeStampResp(
            {"status": {"status": "granted"}, "time_stamp_token": self._token(stamp)}
        )
        encoded: bytes = reply.dump()
        return encoded

    def _token(self, stamp: tsp.TSTInfo) -> cms.ContentInfo:
        content = stamp.dump()
        leaf = _asn1(self.certificate)
        named = tsp.SigningCertificateV2(
            {"certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(leaf.dump()).digest()})]}
        )
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", hashlib.sha256(content).digest()),
                _attribute("signing_certificate_v2", named),
            ]
        )
        sid = {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", sid),
            "digest_algorithm": sha256,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signature": self.key.sign(attributes.dump(), padding.PKCS1v15(), SHA256()),
        }
        signed = {
            "version": "v3",
            "digest_algorithms": [sha256],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(content),
            },
            "certificates": cms.CertificateSet([leaf, _asn1(self.root)]),
            "signer_infos": [signer],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


def make(now: Callable[[], datetime]) -> TimestampAuthority:
    """A new root, and under it a certificate that may do nothing but sign timestamps."""
    at = now()
    root = make_root("Local Timestamp Root", now=at, organization="CollabAzure local")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Local Timestamp Authority")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))
        .not_valid_after(at + timedelta(days=365 * LEAF_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root.key, SHA256())
    )
    return TimestampAuthority(root.certificate, certificate, key, now)


def kept_in(directory: Path, now: Callable[[], datetime]) -> TimestampAuthority:
    """The authority whose keys lie in `directory`; made there if this is its first start."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (directory / LEAF_KEY).exists():
        return _loaded(directory, now)
    fresh = make(now)
    pem = serialization.Encoding.PEM
    private = fresh.key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / ROOT_PEM).write_bytes(fresh.root_pem())
    (directory / LEAF_PEM).write_bytes(fresh.certificate.public_bytes(pem))
    unfinished = directory / f"{LEAF_KEY}.new"
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(private)
    unfinished.replace(directory / LEAF_KEY)  # last: its presence says that the rest is complete
    return fresh


def _loaded(directory: Path, now: Callable[[], datetime]) -> TimestampAuthority:
    key = serialization.load_pem_private_key((directory / LEAF_KEY).read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{directory / LEAF_KEY} is no RSA key.")
    root = x509.load_pem_x509_certificate((directory / ROOT_PEM).read_bytes())
    leaf = x509.load_pem_x509_certificate((directory / LEAF_PEM).read_bytes())
    return TimestampAuthority(root, leaf, key, now)


def _refusal(reason: str) -> bytes:
    status = tsp.PKIStatusInfo({"status": "rejection", "fail_info": {reason}})
    # By hand: asn1crypto takes the token for mandatory, RFC 3161 leaves it out of refusals.
    encoded: bytes = parser.emit(0, 1, 16, status.dump())
    return encoded


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
