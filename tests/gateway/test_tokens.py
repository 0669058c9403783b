"""The token check that the template can switch on: by the issuer's published keys."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as made
from jwt.algorithms import ECAlgorithm

from tests.gateway.backend import Backend
from tests.gateway.conftest import Clock, Started
from tests.gateway.test_refusing import refused

KEY, OTHER = made(SECP256R1()), made(SECP256R1())
Told = Callable[..., str]


def jwks(**keys: EllipticCurvePrivateKey) -> str:
    found = []
    for key_id, key in keys.items():
        public = json.loads(ECAlgorithm.to_jwk(key.public_key()))
        found.append({**public, "kid": key_id, "use": "sig", "alg": "ES256"})
    return json.dumps({"keys": found})


class Issuer:
    """Answers for the app: its configuration, its keys, and whatever else is asked."""

    def __init__(self, backend: Backend) -> None:
        self.keys = jwks(one=KEY)
        self.is_up = True
        self.url = f"{backend.url}/api"
        self.times = 0
        backend.answers = self.answers

    async def answers(self, request: web.Request) -> web.StreamResponse:
        if not self.is_up:
            return web.Response(status=503, text="down")
        if request.path.endswith("/openid-configuration"):
            self.times += 1
            return web.json_response({"jwks_uri": f"{self.url}/.well-known/jwks.json"})
        if request.path.endswith("/jwks.json"):
            return web.Response(text=self.keys, content_type="application/json")
        return web.json_response({})


@pytest.fixture
def issuer(backend: Backend) -> Issuer:
    return Issuer(backend)


@pytest.fixture
def token(issuer: Issuer, clock: Clock) -> Told:
    def told(key: Any = KEY, key_id: str = "one", algorithm: str = "ES256", **claims: Any) -> str:
        usual = {"iss": issuer.url, "aud": "collab-api", "exp": int(clock.at) + 60}
        said = {name: each for name, each in {**usual, **claims}.items() if each is not None}
        return jwt.encode(said, key, algorithm, headers={"kid": key_id})

    return told


async def asked(gateway: str, client: aiohttp.ClientSession, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    async with client.get(f"{gateway}/api/v1/trips", headers=headers) as answer:
        if answer.status == 401:
            await refused(answer, 401, "unauthenticated")
        return answer.status


async def test_a_good_token_passes_and_the_keys_are_asked_for_once(
    start: Started, backend: Backend, client: aiohttp.ClientSession, issuer: Issuer, token: Told
) -> None:
    gateway = await start(backend.url, verifies_tokens=True)
    for _ in range(3):
        assert await asked(gateway, client, token()) == 200
    assert issuer.times == 1


async def test_a_token_with_anything_wrong_is_refused(
    start: Started, backend: Backend, client: aiohttp.ClientSession, token: Told, clock: Clock
) -> None:
    gateway = await start(backend.url, verifies_tokens=True)
    at = int(clock.at)
    for wrong in (
        token(key=OTHER),
        token(aud="another-api"),
        token(iss="https://evil.example.com"),
        token(exp=None),
        token(exp="soon"),
        token(exp=at - 5),
        token(nbf=at + 6),
        token(key="k" * 32, algorithm="HS256"),
        token(key=None, algorithm="none"),
        token() + "x",
        "x.y.z",
        "x",
    ):
        assert await asked(gateway, client, wrong) == 401, wrong
    assert await asked(gateway, client, token(exp=at - 4, nbf=at + 5)) == 200  # clocks differ


async def test_new_keys_are_found_and_made_up_ones_do_not_make_it_ask_again(
    start: Started,
    backend: Backend,
    client: aiohttp.ClientSession,
    issuer: Issuer,
    token: Told,
    clock: Clock,
) -> None:
    gateway = await start(backend.url, verifies_tokens=True)
    assert await asked(gateway, client, token()) == 200
    for number in range(5):
        assert await asked(gateway, client, token(key_id=f"made up {number}")) == 401
    assert issuer.times == 1
    issuer.keys = jwks(one=KEY, two=OTHER)
    clock.at += 31
    assert await asked(gateway, client, token(key=OTHER, key_id="two")) == 200
    assert issuer.times == 2
    issuer.keys = jwks(two=OTHER)
    clock.at += 3601
    assert await asked(gateway, client, token()) == 401  # withdrawn
    assert issuer.times == 3


async def test_without_an_issuer_nobody_is_let_in_and_nobody_is_blamed(
    start: Started, backend: Backend, client: aiohttp.ClientSession, issuer: Issuer, token: Told
) -> None:
    issuer.is_up = False
    gateway = await start(backend.url, verifies_tokens=True)
    assert await asked(gateway, client, token()) == 503
    issuer.is_up = True
    assert await asked(gateway, client, token()) == 200


async def test_public_operations_need_no_token(
    start: Started, backend: Backend, client: aiohttp.ClientSession, issuer: Issuer
) -> None:
    gateway = await start(backend.url, verifies_tokens=True)
    async with client.get(f"{gateway}/api/health") as answer:
        assert answer.status == 200
    assert issuer.times == 0
