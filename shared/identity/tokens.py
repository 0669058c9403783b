"""Signed tokens: each kind with its own type and audience, so that none passes for another.

PyJWT is wrapped: the algorithm is the key's own and never the token's choice (RFC 8725, section
3.1), `typ` and `aud` are pinned to the kind (sections 3.9, 3.11), and keys that the token names by
itself (`jku`, `jwk`, `x5u`) are never looked at (section 3.10).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from shared.errors import Unauthenticated

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )

ALGORITHM = "ES256"
MAX_TOKEN_BYTES = 8192
LEEWAY_S = 5  # clocks of our own instances differ a little


@dataclass(frozen=True)
class TokenKind:
    """One use of tokens. `typ` is the header's media type, as RFC 9068 has it for access tokens."""

    typ: str
    audience: str
    lifetime: timedelta


ACCESS = TokenKind("at+jwt", "collab-api", timedelta(minutes=15))


@dataclass(frozen=True)
class SigningKey:
    """One key pair for one kind of token (`typ`), named `kid`."""

    kid: str
    typ: str
    private: "EllipticCurvePrivateKey"
    public: "EllipticCurvePublicKey"


class Keyring(Protocol):
    """Where signing keys are kept; `newest` makes the first one."""

    async def newest(self, kind: TokenKind) -> SigningKey: ...
    async def named(self, kid: str) -> SigningKey | None: ...
    async def all(self) -> list[SigningKey]: ...


class Tokens:
    """Issues and verifies tokens of one issuer."""

    def __init__(self, keyring: Keyring, issuer: str) -> None:
        self._keyring = keyring
        self._issuer = issuer

    async def issue(self, kind: TokenKind, at: datetime, claims: Mapping[str, Any]) -> str:
        """A token that lives from `at` for the kind's lifetime."""
        import jwt

        key = await self._keyring.newest(kind)
        standard = {
            "iss": self._issuer,
            "aud": kind.audience,
            "iat": int(at.timestamp()),
            "nbf": int(at.timestamp()),
            "exp": int((at + kind.lifetime).timestamp()),
        }
        headers = {"typ": kind.typ, "kid": key.kid}
        return jwt.encode({**claims, **standard}, key.private, ALGORITHM, headers=headers)

    async def verify(self, kind: TokenKind, token: str, at: datetime) -> dict[str, Any]:
        """The token's claims. Raises Unauthenticated, with the same words whatever is wrong."""
        import jwt

        if len(token) > MAX_TOKEN_BYTES:
            raise _refused()
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise _refused() from error
        if header.get("typ") != kind.typ or header.get("alg") != ALGORITHM:
            raise _refused()
        key = await self._keyring.named(str(header.get("kid", "")))
        if key is None or key.typ != kind.typ:
            raise _refused()
        claims = self._decoded(kind, token, key)
        _in_time(claims, at)
        return claims

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
                algorithms=[ALGORITHM],
                audience=kind.audience,
                issuer=self._issuer,
                options=options,
            )
        except jwt.PyJWTError as error:
            raise _refused() from error


def _in_time(claims: Mapping[str, Any], at: datetime) -> None:
    seconds = at.timestamp()
    times = [claims["nbf"], claims["exp"]]
    if not all(isinstance(time, int) for time in times):
        raise _refused()
    if not times[0] - LEEWAY_S <= seconds < times[1] + LEEWAY_S:
        raise _refused()


def _refused() -> Unauthenticated:
    return Unauthenticated("The access token is missing, expired or not valid.")
