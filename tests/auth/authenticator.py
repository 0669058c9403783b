"""A software authenticator: what a phone or a security key does, as far as WebAuthn sees it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN = "http://localhost:7071"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def content(text_: str) -> bytes:
    return urlsafe_b64decode(text_ + "=" * (-len(text_) % 4))


class Authenticator:
    """Holds one credential at a time. `verifies` its user, by a PIN or a finger; `counts` its
    signatures."""

    def __init__(self, *, verifies: bool = True, counts: bool = True, origin: str = ORIGIN) -> None:
        self.verifies, self.counts, self.origin = verifies, counts, origin
        self.credential_id = token_bytes(32)
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.site = ""
        self.user_handle = b""
        self.signed = 0

    def create(self, options: dict[str, Any], **response: Any) -> dict[str, Any]:
        """`navigator.credentials.create`."""
        self.site, self.user_handle = options["rp"]["id"], content(options["user"]["id"])
        numbers = self.private.public_key().public_numbers()
        key = {
            1: 2,
            3: -7,
            -1: 1,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(ATTESTED) + attested + cbor2.dumps(key)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", options["challenge"])
        return self._credential(
            clientDataJSON=text(said), attestationObject=text(attestation), **response
        )

    def get(self, options: dict[str, Any], **response: Any) -> dict[str, Any]:
        """`navigator.credentials.get`."""
        self.signed += self.counts
        data, said = self._data(0), self._said("webauthn.get", options["challenge"])
        signature = self.private.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            clientDataJSON=text(said),
            authenticatorData=text(data),
            signature=text(signature),
            userHandle=text(self.user_handle),
            **response,
        )

    def _data(self, more: int) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verifies else 0)
        return sha256(self.site.encode()).digest() + bytes([flags]) + self.signed.to_bytes(4, "big")

    def _said(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _credential(self, **response: Any) -> dict[str, Any]:
        name = text(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
