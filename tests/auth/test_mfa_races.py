"""Two at once, and challenges in the wrong place: each proof counts once and where it belongs."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import Generator

import pytest

from functions.auth import wiring
from functions.auth.api import passkeys
from functions.auth.domain.challenge import Purpose
from functions.auth.domain.user import USERS
from functions.auth.models.logins import Login
from functions.auth.models.mfa import Verify
from functions.auth.repository.hashes import Hashes
from functions.auth.service.logins import LoginService
from functions.auth.service.ports import Client
from functions.auth.service.proving import Proving
from functions.auth.service.second_factor import SecondFactor
from functions.auth.service.turns import Turns
from shared.errors import Refusal
from shared.platform.clients import container
from tests.auth.authenticator import Authenticator
from tests.auth.factors import (
    Person,
    again,
    ask,
    begin,
    codes_sent,
    confirm,
    listed,
    someone,
    verify,
    with_app,
    with_passkey,
)
from tests.auth.frozen import Frozen, frozen
from tests.auth.people import PASSWORD, log_in
from tests.support.http import call


@pytest.fixture
def time(records: None) -> Generator[Frozen]:
    with frozen() as clock:
        yield clock


def instance(time: Frozen) -> SecondFactor:
    """As another process would have it: nothing of its turns is known to the others."""
    users, guesses, proofs = wiring.users(), wiring.guesses(), wiring.proofs()
    proving = Proving(guesses, users, proofs, Turns(), time)
    return SecondFactor(wiring.challenges(), proving, wiring.opening())


async def outcome(instance_: SecondFactor, token: str, factor_id: str, code: str) -> str:
    wish = Verify(challenge_token=token, factor_id=factor_id, code=code)
    try:
        await instance_.verify(wish, Client())
    except Refusal as refusal:
        return refusal.code
    return "in"


@pytest.mark.parametrize("kind", ["totp", "recovery"])
async def test_of_many_instances_that_get_one_code_one_lets_in(
    tenant: str, time: Frozen, kind: str
) -> None:
    ann = await with_app(tenant, time)
    factors = {item["kind"]: item["id"] for item in await listed(ann.tokens)}
    code = ann.code(time) if kind == "totp" else ann.recovery_codes[0]
    tokens = [(await log_in(tenant)).json["challenge_token"] for _ in range(4)]
    told = await asyncio.gather(
        *(outcome(instance(time), token, factors[kind], code) for token in tokens)
    )
    assert sorted(told) == ["in", "mfa-failed", "mfa-failed", "mfa-failed"]


async def test_of_many_instances_that_get_one_challenge_one_lets_in(
    tenant: str, time: Frozen
) -> None:
    ann = await with_app(tenant, time)
    recovery = next(item["id"] for item in await listed(ann.tokens) if item["kind"] == "recovery")
    token = (await log_in(tenant)).json["challenge_token"]
    told = await asyncio.gather(
        *(outcome(instance(time), token, recovery, code) for code in ann.recovery_codes[:4])
    )
    assert sorted(told) == ["challenge-ended", "challenge-ended", "challenge-ended", "in"]
    assert [item["codes_left"] for item in await listed(ann.tokens)] == [None, 9]


@pytest.mark.parametrize("purpose", Purpose)
async def test_a_challenge_serves_its_own_purpose_alone(
    tenant: str, time: Frozen, purpose: Purpose
) -> None:
    key = Authenticator()
    ann = await with_passkey(tenant, key)
    token = await challenge(ann, purpose)
    took = {
        "ask": (await ask(token, ann.factor_id)).status,
        "verify": (await verify(token, ann.factor_id, credential={})).code,
        "passkey": (await call(passkeys.log_in, {"challenge_token": token, "credential": {}})).code,
        "again": (await again(ann.tokens, challenge_token=token, credential={})).code,
    }
    expected = {
        Purpose.LOGIN: (200, "mfa-failed", "challenge-ended", "challenge-ended"),
        Purpose.STEP_UP: (200, "challenge-ended", "challenge-ended", "mfa-failed"),
        Purpose.RESET: (200, "challenge-ended", "challenge-ended", "challenge-ended"),
        Purpose.PASSKEY: (401, "challenge-ended", "mfa-failed", "mfa-failed"),
    }[purpose]
    assert tuple(took.values()) == expected


async def challenge(ann: Person, purpose: Purpose) -> str:
    """The token of one."""
    if purpose is Purpose.LOGIN:
        token = (await log_in(ann.tenant)).json["challenge_token"]
    elif purpose is Purpose.STEP_UP:
        token = (await again(ann.tokens)).json["challenge_token"]
    elif purpose is Purpose.PASSKEY:
        token = (await call(passkeys.ask, {"tenant_id": ann.tenant})).json["challenge_token"]
    else:
        stored = await wiring.users().get(ann.tenant, ann.user.json["id"], USERS)
        asked = await wiring.challenges().demanded(stored.document, purpose, wiring.now()())
        token = asked.more["challenge_token"]
    return str(token)


async def test_of_many_who_ask_for_a_code_one_is_sent_one(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    begun = await begin(ann.tokens, "email")
    code = (await codes_sent(tenant))[-1].values["code"]
    await confirm(ann.tokens, begun.json["id"], code=code)
    for _ in range(2):
        time.move()
    token = (await log_in(tenant)).json["challenge_token"]
    answers = await asyncio.gather(*(ask(token, begun.json["id"]) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [202, 429, 429, 429]
    assert len(await codes_sent(tenant)) == 2


async def test_of_many_who_confirm_one_factor_one_gets_codes(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    begun = await begin(ann.tokens, "totp")
    ann.secret = begun.json["secret"]
    code = ann.code(time)
    answers = await asyncio.gather(
        *(confirm(ann.tokens, begun.json["id"], code=code) for _ in range(3))
    )
    assert sorted(answer.status for answer in answers) == [200, 401, 401]
    assert len(await listed(ann.tokens)) == 2


async def test_several_factors_begun_at_once_are_all_there(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    answers = await asyncio.gather(*(begin(ann.tokens, "totp") for _ in range(3)))
    assert [answer.status for answer in answers] == [201, 201, 201]
    assert len(await listed(ann.tokens)) == 3


async def test_of_failures_in_many_instances_none_is_lost(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]
    told = await asyncio.gather(
        *(outcome(instance(time), token, ann.factor_id, "000000") for _ in range(4))
    )
    assert told == ["mfa-failed"] * 4
    query = "SELECT c.count FROM c WHERE c.kind = 'Failures'"
    items = container("auth").query_items(query, partition_key=[tenant, "users"])
    assert [item["count"] async for item in items] == [4]


class Interrupted(Hashes):
    """While it hashes, somebody else changes the user."""

    def __init__(self, tenant: str, user_id: str) -> None:
        super().__init__()
        self._whose = tenant, user_id

    async def hash(self, password: str) -> str:
        stored = await wiring.users().get(*self._whose, USERS)
        renamed = stored.document.changed(name="Anna")
        await wiring.users().save(stored.now(renamed), "change user")
        return await super().hash(password)


async def test_a_hash_that_cannot_be_renewed_now_is_renewed_at_the_next_login(
    tenant: str, time: Frozen
) -> None:
    ann = await someone(tenant)
    user_id = ann.user.json["id"]
    stored = await wiring.users().get(tenant, user_id, USERS)
    salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 1000)
    older = f"pbkdf2_sha256$1000$salt${b64encode(salted).decode()}"
    await wiring.users().save(stored.now(stored.document.rehashed(older)), "import")

    hashes = Interrupted(tenant, user_id)
    service = LoginService(
        wiring.guesses(), wiring.users(), hashes, wiring.opening(), Turns(), wiring.captchas(), time
    )
    wish = Login(email="ann@example.com", password=PASSWORD, tenant_id=tenant)
    assert (await service.log_in(wish, Client())).access_token
    stored = await wiring.users().get(tenant, user_id, USERS)
    assert (stored.document.name, stored.document.password_hash) == ("Anna", older)
    assert (await log_in(tenant)).status == 200
    stored = await wiring.users().get(tenant, user_id, USERS)
    assert stored.document.password_hash.startswith("$argon2id$")
