"""Signing keys: made on first use, published before they sign, kept while their tokens live."""

import json
import time
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol

from pydantic import AwareDatetime, ConfigDict, Field

from shared.identity.kinds import ACCESS, KINDS, TokenKind
from shared.identity.tokens import LEAST_RSA_BITS, SigningKey, strong
from shared.model import Model
from shared.platform.clock import Clock
from shared.platform.ids import new_id

SYSTEM_TENANT = "system"
REREAD_AFTER_S = 300.0
REREAD_UNKNOWN_AFTER_S = 10.0  # so that tokens with made-up key ids cost no read each
SIGNS_FOR = timedelta(days=30)
PUBLISHED_BEFORE = timedelta(hours=1)  # longer than anybody keeps the key set (5 minutes)


class KeptKey(Model):
    """A private key as PKCS #8 PEM. It signs from `since` on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    typ: str
    algorithm: str
    since: AwareDatetime
    private_pem: str = Field(repr=False)


class Keys(Protocol):
    """Where private keys are kept; whoever can read it can sign in as anybody."""

    async def all(self) -> list[KeptKey]: ...
    async def add(self, key: KeptKey) -> None: ...
    async def remove(self, key_id: str) -> None:
        """Safe to repeat."""
        ...


class KeptKeyring:
    """Keys of all kinds, read once and again when they are old or a name is unknown."""

    def __init__(self, keys: Keys, now: Clock) -> None:
        self._keys = keys
        self._now = now
        self._known: list[SigningKey] = []
        self._read_at = float("-inf")

    async def newest(self, kind: TokenKind, at: datetime) -> SigningKey:
        await self._read_when_older_than(REREAD_AFTER_S)
        if not self._signing(kind, at):
            await self._read_when_older_than(0)
        if not self._signing(kind, at):
            await self._keys.add(_generated(kind, at))
            await self._read_when_older_than(0)
        return self._signing(kind, at)[0]

    async def named(self, kid: str) -> SigningKey | None:
        await self._read_when_older_than(REREAD_AFTER_S)
        if kid not in [key.kid for key in self._known]:
            await self._read_when_older_than(REREAD_UNKNOWN_AFTER_S)
        return next((key for key in self._known if key.kid == kid), None)

    async def published(self) -> list[SigningKey]:
        """The keys that others verify access tokens with, those to come among them."""
        await self.newest(ACCESS, self._now())  # so that there is one before the first login
        return [key for key in self._known if _is_of(key, ACCESS)]

    async def rotate(self) -> int:
        """Make the successors of keys that grow old, and drop those whose tokens are all past.

        Safe to repeat, also by two at once: then there are two successors, and the newest signs.
        """
        made, at, kept = 0, self._now(), await self._keys.all()
        for kind in KINDS:
            found = sorted(
                (key for key in kept if (key.typ, key.algorithm) == (kind.typ, kind.algorithm)),
                key=lambda key: key.since,
                reverse=True,
            )
            if found and found[0].since + SIGNS_FOR <= at:
                await self._keys.add(_generated(kind, at + PUBLISHED_BEFORE))
                made += 1
            for newer, older in pairwise(found):
                if newer.since + kind.lifetime + PUBLISHED_BEFORE < at:
                    await self._keys.remove(older.id)
        self._read_at = float("-inf")
        return made

    def _signing(self, kind: TokenKind, at: datetime) -> list[SigningKey]:
        """Of this kind and due, the newest first."""
        return [key for key in self._known if _is_of(key, kind) and key.signs(at)]

    async def _read_when_older_than(self, age_s: float) -> None:
        if time.monotonic() - self._read_at > age_s:
            found = sorted(await self._keys.all(), key=lambda key: key.since, reverse=True)
            self._known = [_loaded(key) for key in found]
            self._read_at = time.monotonic()


def jwk(key: SigningKey) -> dict[str, Any]:
    """The public half as RFC 7517 has it."""
    from jwt.algorithms import get_default_algorithms

    public: dict[str, Any] = json.loads(get_default_algorithms()[key.algorithm].to_jwk(key.public))
    public.pop("key_ops", None)
    return public | {"kid": key.kid, "use": "sig", "alg": key.algorithm}


def _is_of(key: SigningKey, kind: TokenKind) -> bool:
    return (key.typ, key.algorithm) == (kind.typ, kind.algorithm)


def _generated(kind: TokenKind, since: datetime) -> KeptKey:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    private = (
        rsa.generate_private_key(65537, LEAST_RSA_BITS)
        if kind.algorithm == "RS256"
        else ec.generate_private_key(ec.SECP256R1())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return KeptKey(
        id=new_id(),
        typ=kind.typ,
        algorithm=kind.algorithm,
        private_pem=pem.decode(),
        since=since,
    )


def _loaded(stored: KeptKey) -> SigningKey:
    from cryptography.hazmat.primitives import serialization

    private: Any = serialization.load_pem_private_key(stored.private_pem.encode(), password=None)
    return strong(SigningKey(stored.id, stored.typ, stored.algorithm, private, stored.since))
