"""Access tokens as attackers make them: each differs from a good one in what it is named for."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from shared.identity.kinds import ACCESS, REFRESH
from shared.identity.verifying import tokens
from shared.platform import clock
from shared.platform.ids import new_id

ATTACKERS_KEY = rsa.generate_private_key(65537, 2048)
Claims = dict[str, Any]


def claims(tenant: str, *roles: str) -> Claims:
    """Of somebody with a login there."""
    whose = {"sub": new_id(), "sid": new_id(), "tenant_id": tenant, "name": "Ann"}
    now = int(clock.now().timestamp())
    return {**whose, "roles": list(roles), "ver": 1, "auth_time": now, "acr": "aal1"}


async def good(content: Claims) -> str:
    return await tokens().issue(ACCESS, clock.now(), content)


async def forgeries(content: Claims) -> dict[str, str]:
    """The classes of attack that tools try, by name."""
    now = clock.now()
    token = await good(content)
    head, body, signature = token.split(".")
    header, payload = _read(head), _read(body)
    key = await tokens()._keyring.newest(ACCESS, now)
    public = key.public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    foreign = ATTACKERS_KEY.public_key().public_numbers()
    jwk = {"kty": "RSA", "n": str(foreign.n), "e": "AQAB"}
    return {
        "no signature": f"{_written({**header, 'alg': 'none'})}.{body}.",
        "the public key as a secret": _confused(header, payload, public),
        "other claims under the old signature": ".".join(
            (head, _written({**payload, "roles": ["admin"], "sub": "root"}), signature)
        ),
        "a key of the attacker": _signed(header, payload),
        "a key of the attacker in the header": _signed({**header, "jwk": jwk}, payload),
        "a key set of the attacker": _signed({**header, "jku": "https://evil.example"}, payload),
        "a key id that is a path": _signed({**header, "kid": "../../dev/null"}, payload),
        "expired": await tokens().issue(ACCESS, now - timedelta(hours=1), content),
        "not yet valid": await tokens().issue(ACCESS, now + timedelta(hours=1), content),
        "a token of another kind": await tokens().issue(REFRESH, now, {**content, "jti": "x"}),
    }


def _signed(header: Mapping[str, Any], payload: Claims) -> str:
    return jwt.encode(payload, ATTACKERS_KEY, "RS256", headers=dict(header))


def _confused(header: Mapping[str, Any], payload: Claims, public: bytes) -> str:
    """By hand: libraries refuse to take a public key for a secret."""
    signed = f"{_written({**header, 'alg': 'HS256'})}.{_written(payload)}"
    return f"{signed}.{_base64(hmac.digest(public, signed.encode(), hashlib.sha256))}"


def _read(part: str) -> Claims:
    found: Claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _written(content: Mapping[str, Any]) -> str:
    return _base64(json.dumps(content).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
