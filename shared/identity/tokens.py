"""Signed tokens: issued and verified so that none passes for another.

PyJWT is wrapped: the algorithm is the key's own and never the token's choice (RFC 8725, section
3.1), `typ` and `aud` are pinned to the kind (sections 3.9, 3.11), and a header that says anything
else, such as a key of its own (`jku`, `jwk`, `x5u`), is refused as it stands (section 3.10).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from shared.errors import Unauthenticated
from shared.identity.kinds import TokenKind

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LEAST_RSA_BITS = 2048
HEADER = frozenset({"alg", "typ", "kid"})
MAX_TOKEN_BYTES = 8192
LEEWAY_S = 5  # clocks of our own instances differ a little
# Base64url without padding, nothing else: PyJWT reads more than one spelling of the same bytes.
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class SigningKey:
    """One key pair for one kind of token (`typ`), named `kid`, that signs from `since` on."""

    kid: str
    typ: str
    algorithm: str
    private: "EllipticCurvePrivateKey | RSAPrivateKey"
    since: datetime

    def signs(self, at: datetime) -> bool:
        return self.since <= at

    @cached_property
    def public(self) -> Any:
        return self.private.public_key()


class WeakKey(ValueError):
    """A key that must not sign: too short, or not made for the algorithm that it is named for."""


def strong(key: SigningKey) -> SigningKey:
    """Itself. Raises WeakKey. ES256 is ECDSA on P-256 alone (RFC 7518, sections 3.3 and 3.4)."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    match key.algorithm, key.private:
        case "ES256", EllipticCurvePrivateKey(curve=SECP256R1()):
            return key
        case "RS256", RSAPrivateKey(key_size=bits) if bits >= LEAST_RSA_BITS:
            return key
        case _:
            raise WeakKey(f"signing key {key.kid} must not sign with {key.algorithm}")


class Keyring(Protocol):
    """Where signing keys are kept; `newest` makes the first one."""

    async def newest(self, kind: TokenKind, at: datetime) -> SigningKey: ...
    async def named(self, kid: str) -> SigningKey | None: ...


class Tokens:
    """Issues and verifies tokens of one issuer."""

    def __init__(self, keyring: Keyring, issuer: str) -> None:
        self._keyring = keyring
        self._issuer = issuer

    async def issue(self, kind: TokenKind, at: datetime, claims: Mapping[str, Any]) -> str:
        """A token that lives from `at` for the kind's lifetime."""
        import jwt

        key = await self._keyring.newest(kind, at)
        standard = {
            "iss": self._issuer,
            "aud": kind.audience,
            "iat": int(at.timestamp()),
            "nbf": int(at.timestamp()),
            "exp": int((at + kind.lifetime).timestamp()),
        }
        headers = {"typ": kind.typ, "kid": key.kid}
        return jwt.encode({**claims, **standard}, key.private, key.algorithm, headers=headers)

    async def verify(self, kind: TokenKind, token: str, at: datetime) -> dict[str, Any]:
        """The token's claims. Raises Unauthenticated, with the same words whatever is wrong."""
        key = await self._key_of(kind, token)
        claims = self._decoded(kind, token, key)
        _in_time(claims, at)
        return claims

    async def _key_of(self, kind: TokenKind, token: str) -> SigningKey:
        """The key that the header names, if the header says what ours say and nothing more."""
        import jwt

        if len(token) > MAX_TOKEN_BYTES or not COMPACT.fullmatch(token):
            raise _refused()
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, RecursionError) as error:
            raise _refused() from error
        if set(header) != HEADER or (header["alg"], header["typ"]) != (kind.algorithm, kind.typ):
            raise _refused()
        key = await self._keyring.named(str(header["kid"]))
        if key is None or (key.typ, key.algorithm) != (kind.typ, kind.algorithm):
            raise _refused()
        return key

    def _decoded(self, kind: TokenKind, token: str, key: SigningKey) -> dict[str, Any]:
        import jwt

        # The times are checked against the injected clock afterwards.
        options: Any = {
            "require": ["exp", "nbf", "iat", "iss", "aud", "sub"],
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
            "strict_aud": True,
        }
        try:
            return jwt.decode(
                token,
                key.public,
                algorithms=[key.algorithm],
                audience=kind.audience,
                issuer=self._issuer,
                options=options,
            )
        except (jwt.PyJWTError, RecursionError) as error:
            raise _refused() from error


def _in_time(claims: Mapping[str, Any], at: datetime) -> None:
    seconds = at.timestamp()
    times = [claims["nbf"], claims["exp"]]
    if not all(type(time) is int for time in times):
        raise _refused()
    if not times[0] - LEEWAY_S <= seconds < times[1] + LEEWAY_S:
        raise _refused()


def _refused() -> Unauthenticated:
    return Unauthenticated("The access token is missing, expired or not valid.")
