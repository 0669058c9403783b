"""Signing keys, made on first use and kept in Cosmos DB, which only the app's identity reads."""

import json
import time
from typing import Any, ClassVar, Protocol

from shared.identity.tokens import SigningKey, TokenKind
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Document, Stored

SYSTEM_TENANT = "system"
KEYS = "signing-keys"
REREAD_AFTER_S = 300.0
REREAD_UNKNOWN_AFTER_S = 10.0  # so that tokens with made-up key ids cost no read each


class StoredKey(Document):
    """A private key as PKCS #8 PEM."""

    hidden: ClassVar[frozenset[str]] = frozenset({"private_pem"})

    typ: str
    private_pem: str

    @property
    def key(self) -> str:
        return KEYS


class StoredKeys(Protocol):
    async def save(self, stored: Stored[StoredKey], action: str) -> Stored[StoredKey]: ...
    async def where(self, tenant_id: str, *, key: str) -> list[Stored[StoredKey]]: ...


class CosmosKeyring:
    """Keys of all kinds, read once and again when they are old or a name is unknown."""

    def __init__(self, keys: StoredKeys, now: Clock) -> None:
        self._keys = keys
        self._now = now
        self._known: list[SigningKey] = []
        self._read_at = float("-inf")

    async def newest(self, kind: TokenKind) -> SigningKey:
        await self._read_when_older_than(REREAD_AFTER_S)
        if not self._of(kind):
            await self._read_when_older_than(0)
        if not self._of(kind):
            await self._keys.save(Stored(_generated(kind)), "make signing key")
            await self._read_when_older_than(0)
        return self._of(kind)[0]

    async def named(self, kid: str) -> SigningKey | None:
        await self._read_when_older_than(REREAD_AFTER_S)
        if kid not in [key.kid for key in self._known]:
            await self._read_when_older_than(REREAD_UNKNOWN_AFTER_S)
        return next((key for key in self._known if key.kid == kid), None)

    async def all(self) -> list[SigningKey]:
        await self._read_when_older_than(REREAD_AFTER_S)
        return list(self._known)

    def _of(self, kind: TokenKind) -> list[SigningKey]:
        return [key for key in self._known if key.typ == kind.typ]

    async def _read_when_older_than(self, age_s: float) -> None:
        if time.monotonic() - self._read_at > age_s:
            found = await self._keys.where(SYSTEM_TENANT, key=KEYS)
            self._known = [_loaded(stored.document) for stored in found]
            self._read_at = time.monotonic()


def jwk(key: SigningKey) -> dict[str, Any]:
    """The public half as RFC 7517 has it."""
    from jwt.algorithms import ECAlgorithm

    public: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(key.public))
    return public | {"kid": key.kid, "use": "sig", "alg": "ES256"}


def _generated(kind: TokenKind) -> StoredKey:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return StoredKey(id=new_id(), tenant_id=SYSTEM_TENANT, typ=kind.typ, private_pem=pem.decode())


def _loaded(stored: StoredKey) -> SigningKey:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = serialization.load_pem_private_key(stored.private_pem.encode(), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise TypeError(f"signing key {stored.id} is not an elliptic-curve key")
    return SigningKey(stored.id, stored.typ, private, private.public_key())
