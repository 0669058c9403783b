"""Access tokens: what is refused, and that nothing slips through."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from shared.errors import Unauthenticated
from shared.identity.kinds import ACCESS, KINDS, REFRESH, TokenKind
from shared.identity.tokens import SigningKey, Tokens, WeakKey, strong

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ISSUER = "https://collab.example/api"
RSA = rsa.generate_private_key(65537, 2048)
CLAIMS = {"sub": "u-1", "tenant_id": "t-1", "roles": ["driver"]}


class Ring:
    """One key for each kind."""

    def __init__(self) -> None:
        self.keys = [self._key(kind) for kind in KINDS]

    @staticmethod
    def _key(kind: TokenKind) -> SigningKey:
        private = RSA if kind.algorithm == "RS256" else ec.generate_private_key(ec.SECP256R1())
        return SigningKey(f"key-of-{kind.typ}", kind.typ, kind.algorithm, private, NOON)

    async def newest(self, kind: TokenKind, at: datetime) -> SigningKey:
        return next(key for key in self.keys if key.typ == kind.typ)

    async def named(self, kid: str) -> SigningKey | None:
        return next((key for key in self.keys if key.kid == kid), None)


RING = Ring()
TOKENS = Tokens(RING, ISSUER)


def forged(
    claims: dict[str, Any] | None = None, key: Any = None, alg: str = "RS256", **headers: Any
) -> str:
    """As good as ours but for what is given."""
    ours = RING.keys[0]
    standard = {
        **CLAIMS,
        "iss": ISSUER,
        "aud": ACCESS.audience,
        "iat": int(NOON.timestamp()),
        "nbf": int(NOON.timestamp()),
        "exp": int((NOON + ACCESS.lifetime).timestamp()),
    }
    content = {
        key: value for key, value in {**standard, **(claims or {})}.items() if value != "drop"
    }
    return jwt.encode(
        content, key or ours.private, alg, headers={"typ": "at+jwt", "kid": ours.kid, **headers}
    )


async def test_a_token_holds_for_its_lifetime() -> None:
    token = await TOKENS.issue(ACCESS, NOON, CLAIMS)

    for later in (timedelta(0), timedelta(minutes=14, seconds=59)):
        claims = await TOKENS.verify(ACCESS, token, NOON + later)
        assert (claims["sub"], claims["roles"]) == ("u-1", ["driver"])
    for other in (timedelta(minutes=15, seconds=10), timedelta(seconds=-10)):
        with pytest.raises(Unauthenticated):
            await TOKENS.verify(ACCESS, token, NOON + other)


async def test_a_forgery_like_ours_would_be_accepted() -> None:
    """So that each refusal below is for the one thing that it changes."""
    assert (await TOKENS.verify(ACCESS, forged(), NOON))["sub"] == "u-1"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(forged(key=rsa.generate_private_key(65537, 2048)), id="another key"),
        pytest.param(forged({"aud": REFRESH.audience}), id="another audience"),
        pytest.param(forged({"aud": [ACCESS.audience, "x"]}), id="several audiences"),
        pytest.param(forged({"iss": "https://evil.example"}), id="another issuer"),
        pytest.param(forged({"sub": "drop"}), id="no subject"),
        pytest.param(forged({"exp": "drop"}), id="no end"),
        pytest.param(forged({"exp": 1e12}), id="an end that is no whole number"),
        pytest.param(forged({"nbf": True, "exp": True}), id="times that are none"),
        pytest.param(forged(typ="JWT"), id="another type"),
        pytest.param(forged(jku="https://evil.example/keys"), id="a key set of its own"),
        pytest.param(forged(x5u="https://evil.example/chain"), id="a certificate of its own"),
        pytest.param(forged(jwk={"kty": "EC"}), id="a key of its own"),
        pytest.param(forged(crit=["b64"], b64=False), id="an extension that must be understood"),
        pytest.param(forged() + "=", id="padding"),
        pytest.param(forged() + "\n", id="a line end"),
        pytest.param(forged(kid="unknown"), id="unknown key"),
        pytest.param(forged(kid=f"key-of-{REFRESH.typ}"), id="the key of another kind"),
        pytest.param(forged(key="x" * 64, alg="HS256"), id="another algorithm"),
        pytest.param(
            forged(key=ec.generate_private_key(ec.SECP256R1()), alg="ES256"), id="a curve instead"
        ),
        pytest.param(jwt.encode(CLAIMS, "", "none"), id="no signature"),
        pytest.param("", id="nothing"),
        pytest.param("a.b.c", id="rubbish"),
        pytest.param("x" * 9000, id="huge"),
    ],
)
async def test_what_is_not_quite_ours_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated, match="missing, expired or not valid"):
        await TOKENS.verify(ACCESS, token, NOON)


async def test_an_altered_token_is_refused() -> None:
    head, body, signature = forged().split(".")
    padded = body + "=" * (-len(body) % 4)
    claims = json.loads(base64.urlsafe_b64decode(padded))
    claims["roles"] = ["admin"]
    other = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    with pytest.raises(Unauthenticated):
        await TOKENS.verify(ACCESS, f"{head}.{other}.{signature}", NOON)


@pytest.mark.parametrize("issued", KINDS, ids=lambda kind: kind.typ)
async def test_no_kind_passes_for_another(issued: TokenKind) -> None:
    token = await TOKENS.issue(issued, NOON, CLAIMS)

    assert (await TOKENS.verify(issued, token, NOON))["sub"] == "u-1"
    for other in KINDS:
        if other is not issued:
            with pytest.raises(Unauthenticated):
                await TOKENS.verify(other, token, NOON)


def test_every_kind_has_a_type_and_an_audience_of_its_own() -> None:
    assert len({kind.typ for kind in KINDS}) == len({kind.audience for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    ("algorithm", "private"),
    [
        ("ES256", ec.generate_private_key(ec.SECP384R1())),
        ("ES256", RSA),
        ("RS256", ec.generate_private_key(ec.SECP256R1())),
        ("RS256", rsa.generate_private_key(65537, 1024)),
        ("PS256", RSA),
        ("HS256", RSA),
        ("none", RSA),
    ],
)
def test_a_weak_key_must_not_sign(algorithm: str, private: Any) -> None:
    with pytest.raises(WeakKey):
        strong(SigningKey("k", ACCESS.typ, algorithm, private, NOON))
