"""Authenticator apps: by the server's time, each time step once."""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from functions.auth.domain.factors import TotpSecret
from functions.auth.domain.proofs import by_totp
from functions.auth.repository.totp import AuthenticatorApps
from tests.auth.counting import counted
from tests.auth.factors import begin, confirm, listed, someone, verify, with_app
from tests.auth.frozen import Frozen, frozen
from tests.auth.people import log_in
from tests.support.http import call

NOON = datetime(2026, 11, 20, 12, 0, 10, tzinfo=UTC)
APPS = AuthenticatorApps()
# RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
PUBLISHED = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def time(records: None) -> Generator[Frozen]:
    with frozen() as clock:
        yield clock


@pytest.mark.parametrize(("seconds", "code"), PUBLISHED.items())
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert APPS.code_at(SEED, seconds // 30) == code
    assert by_totp(TotpSecret(secret=SEED), code, at, APPS.code_at) is not None


@pytest.mark.parametrize(
    ("drift", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(drift: int, fits: bool) -> None:
    code = APPS.code_at(SEED, int(NOON.timestamp()) // 30 + drift)
    assert (by_totp(TotpSecret(secret=SEED), code, NOON, APPS.code_at) is not None) is fits


def test_a_step_is_used_up_with_all_before_it() -> None:
    step = int(NOON.timestamp()) // 30
    left = by_totp(TotpSecret(secret=SEED), APPS.code_at(SEED, step), NOON, APPS.code_at)
    assert left == TotpSecret(secret=SEED, last_step=step)
    for used in (step, step - 1):
        assert by_totp(left, APPS.code_at(SEED, used), NOON, APPS.code_at) is None
    spaced = f" {APPS.code_at(SEED, step + 1)[:3]} {APPS.code_at(SEED, step + 1)[3:]}"
    assert by_totp(left, spaced, NOON, APPS.code_at) is not None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "äöüßäö", "\x00" * 6])
def test_what_is_no_code_does_not_fit(code: str) -> None:
    assert by_totp(TotpSecret(secret=SEED), code, NOON, APPS.code_at) is None


def test_secrets_are_random_and_long() -> None:
    secrets = {APPS.new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(secret) * 5 for secret in secrets} == {160}


async def test_an_app_reads_the_picture(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    begun = await begin(ann.tokens, "totp")

    assert begun.status == 201
    assert begun.json["qr_svg"].startswith("<svg")
    assert "style" not in begun.json["qr_svg"]
    address = urlsplit(begun.json["otpauth_url"])
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query) == {
        "secret": [begun.json["secret"]],
        "issuer": ["CollabAzure"],
    }
    read = pyotp.parse_uri(begun.json["otpauth_url"])
    assert isinstance(read, pyotp.TOTP)
    assert read.name == "ann@example.com"
    code = read.at(time.at)
    assert (await confirm(ann.tokens, begun.json["id"], code=code)).status == 200
    assert begun.json["secret"] not in str(await listed(ann.tokens))


async def test_a_code_works_once_whoever_sends_it(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    tokens = [(await log_in(tenant)).json["challenge_token"] for _ in range(2)]
    code = ann.code(time)

    assert (await verify(tokens[0], ann.factor_id, code=code)).status == 200
    assert (await verify(tokens[1], ann.factor_id, code=code)).code == "mfa-failed"
    time.move()
    assert (await verify(tokens[1], ann.factor_id, code=code)).code == "mfa-failed"
    assert (await verify(tokens[1], ann.factor_id, code=ann.code(time))).status == 200


async def test_the_code_that_confirmed_it_does_not_log_in(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]
    assert (await verify(token, ann.factor_id, code=ann.code(time, -1))).code == "mfa-failed"


async def test_a_new_app_counts_once_it_is_confirmed(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    begun = await begin(ann.tokens, "totp")
    refused = await confirm(ann.tokens, begun.json["id"], code="000000")
    assert (refused.status, refused.code) == (422, "factor-not-confirmed")
    assert (await confirm(ann.tokens, begun.json["id"])).code == "factor-not-confirmed"

    assert (await log_in(tenant)).status == 200
    assert [item["confirmed_at"] for item in await listed(ann.tokens)] == [None]
    time.move(timedelta(minutes=10))
    ann.secret = begun.json["secret"]
    late = await confirm(ann.tokens, begun.json["id"], code=ann.code(time))
    assert late.status == 404


async def test_what_was_begun_and_left_makes_room(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    for _ in range(10):
        assert (await begin(ann.tokens, "totp")).status == 201
    refused = await begin(ann.tokens, "totp")
    assert (refused.status, refused.code) == (409, "too-many-factors")
    time.move(timedelta(minutes=10))
    assert (await begin(ann.tokens, "totp")).status == 201
    assert len(await listed(ann.tokens)) == 1


async def test_a_locked_account_confirms_nothing(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    begun = await begin(ann.tokens, "totp")
    ann.secret = begun.json["secret"]
    for _ in range(5):
        await confirm(ann.tokens, begun.json["id"], code="000000")
    locked = await confirm(ann.tokens, begun.json["id"], code=ann.code(time))
    assert locked.code == "factor-not-confirmed"


@pytest.mark.usefixtures("records")
async def test_a_login_costs_one_slow_hash_and_three_calls_in_all(tenant: str) -> None:
    with counted() as (cost, time):
        ann = await with_app(tenant, time)
        await log_in(tenant, password="wrong horse battery")
        cost.forget()
        token = (await log_in(tenant)).json["challenge_token"]
        assert (cost.calls, cost.hashes) == (["query_items"], 1)

        cost.forget()
        assert (await verify(token, ann.factor_id, code="000000")).code == "mfa-failed"
        assert (cost.calls, cost.hashes) == (["query_items", "execute_item_batch"], 0)

        cost.forget()
        assert (await verify(token, ann.factor_id, code=ann.code(time))).status == 200
        assert cost.calls == ["query_items", "execute_item_batch", "execute_item_batch"]
        assert cost.hashes == 0


async def test_there_is_no_factor_of_somebody_without_a_login(tenant: str, time: Frozen) -> None:
    from functions.auth.api import factors
    from tests.support.http import somebody

    refused = await call(factors.list_mine, method="GET", caller=somebody(tenant))
    assert refused.status == 404
