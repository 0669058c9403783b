"""Who signs: a certificate, the chain above it and one key operation.
Where the key lives is not known here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate


@dataclass(frozen=True)
class SigningIdentity:
    """Certificates in DER. `sign` makes a signature over the data it is given (not over a digest):

    RSASSA-PKCS1-v1_5 with SHA-256 for an RSA certificate, ECDSA with SHA-256 in DER for an EC one.
    """

    certificate: bytes
    chain: tuple[bytes, ...]
    sign: Callable[[bytes], bytes]

    @classmethod
    def of_key(
        cls,
        key: "RSAPrivateKey | EllipticCurvePrivateKey",
        certificate: "Certificate",
        chain: tuple["Certificate", ...],
    ) -> "SigningIdentity":
        """The identity of a key held in memory."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return cls(
            certificate.public_bytes(Encoding.DER),
            tuple(each.public_bytes(Encoding.DER) for each in chain),
            lambda data: _signature(key, data),
        )


def _signature(key: "RSAPrivateKey | EllipticCurvePrivateKey", data: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec, padding
    from cryptography.hazmat.primitives.hashes import SHA256

    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(SHA256()))
    return key.sign(data, padding.PKCS1v15(), SHA256())
