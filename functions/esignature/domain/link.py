"""The signing link's token: where its envelope is kept, and the proof of being its signer.

URL-safe base64 of 32 bytes of secret, 16 of the envelope's id, 16 of the signer's, and the tenant.
Of the secret only the SHA-256 is kept, which is enough for 256 random bits.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from functions.esignature.domain.refusals import LinkUnknown

SECRET_BYTES = 32
TENANT_AT = SECRET_BYTES + 32
LONGEST = 300

Mint = Callable[[], bytes]
"""Makes a new random secret of SECRET_BYTES."""


@dataclass(frozen=True)
class SigningLink:
    """One signer's link. Whoever has it is the signer."""

    tenant_id: str
    envelope_id: str
    signer_id: str
    secret: bytes

    @property
    def fingerprint(self) -> str:
        return sha256(self.secret).hexdigest()

    def __str__(self) -> str:
        ids = UUID(self.envelope_id).bytes + UUID(self.signer_id).bytes
        packed = self.secret + ids + self.tenant_id.encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def parsed(cls, token: str) -> "SigningLink":
        """Raises LinkUnknown."""
        if len(token) > LONGEST:
            raise _unknown()
        try:
            padded = token.encode("ascii") + b"=" * (-len(token) % 4)
            packed = base64.b64decode(padded, altchars=b"-_", validate=True)
            tenant_id = packed[TENANT_AT:].decode()
        except (UnicodeError, binascii.Error) as error:
            raise _unknown() from error
        if not tenant_id or not tenant_id.isprintable():
            raise _unknown()
        envelope, signer = packed[SECRET_BYTES : SECRET_BYTES + 16], packed[TENANT_AT - 16 :][:16]
        secret = packed[:SECRET_BYTES]
        return cls(tenant_id, str(UUID(bytes=envelope)), str(UUID(bytes=signer)), secret)

    def __repr__(self) -> str:
        """Without the secret, so that no log or traceback ever holds it."""
        return f"SigningLink(envelope_id={self.envelope_id!r}, signer_id={self.signer_id!r})"


def _unknown() -> LinkUnknown:
    return LinkUnknown("This is not a signing link. Open it exactly as it was sent to you.")
