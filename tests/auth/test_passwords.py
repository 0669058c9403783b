"""Which passwords are taken, and how they are kept."""

import base64
import hashlib
import unicodedata
from contextlib import suppress

import bcrypt
import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from functions.auth.domain.passwords import LONGEST, Judgement, check, normalised, words_of
from functions.auth.domain.refusals import WeakPassword
from functions.auth.domain.user import USERS
from functions.auth.repository.hashes import Hashes
from functions.auth.repository.strength import estimated
from functions.auth.wiring import users
from tests.auth.people import PASSWORD, create, log_in

HARD = Judgement(14.0)


def pbkdf2(password: str, iterations: int = 1000) -> str:
    """As Django keeps it."""
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), b"salt", iterations)
    return f"pbkdf2_sha256${iterations}$salt${base64.b64encode(digest).decode()}"


IMPORTED = [
    pbkdf2(PASSWORD),
    bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode(),
    bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4, b"2a")).decode(),
    PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD),
]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("fourteen chars", "too-short"),
        ("x" * (LONGEST + 1), "too-long"),
        ("collabazure1234", "predictable"),
        ("Annabel2026example", "predictable"),
        ("passwordpassword", "predictable"),
        ("qwertyuiopasdfgh", "common"),
        ("123456789012345", "common"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "common"),
    ],
)
async def test_a_weak_password_is_refused_with_the_reason(
    tenant: str, records: None, password: str, reason: str
) -> None:
    refused = await create(tenant, "annabel.lee@example.com", password=password, name="Annabel Lee")
    assert (refused.status, refused.code) == (422, "weak-password")
    assert [field["reason"] for field in refused.json["fields"]] == [reason]


@pytest.mark.parametrize(
    "password",
    [
        "fifteen, chars.",
        "all lower case and long",
        "1829 4756 0192 8374 6510",
        "ünïcödé ist erlaubt, ganz",
        "日本語のパスワードでも大丈夫です。長い",
        "x9" * 20 + "  spaces stay  " + "z7" * 30,
    ],
)
async def test_any_composition_is_taken_and_verified_as_it_is(
    tenant: str, records: None, password: str
) -> None:
    assert (await create(tenant, password=password)).status == 201
    assert (await log_in(tenant, password=password)).status == 200
    for other in {password.swapcase(), password[:-1], password + " "} - {password}:
        assert (await log_in(tenant, password=other)).status == 401


async def test_what_looks_the_same_is_the_same(tenant: str, records: None) -> None:
    password = "crème brûlée für alle"
    await create(tenant, password=unicodedata.normalize("NFD", password))
    assert (await log_in(tenant, password=unicodedata.normalize("NFC", password))).status == 200


def test_eight_characters_do_beside_a_second_factor() -> None:
    check("x7!kQ2#z", HARD, [], with_factor=True)
    with pytest.raises(WeakPassword):
        check("x7!kQ2#", HARD, [], with_factor=True)


@given(st.text(min_size=15, max_size=LONGEST))
def test_no_password_breaks_the_judges(password: str) -> None:
    chosen = normalised(password)
    with suppress(WeakPassword):
        check(chosen, estimated(chosen, words_of(password)), words_of(password))


@pytest.mark.parametrize("kept", IMPORTED, ids=["pbkdf2", "bcrypt", "bcrypt-2a", "argon2"])
async def test_an_imported_hash_is_verified_and_replaced_at_the_next_login(
    tenant: str, records: None, kept: str
) -> None:
    created = await create(tenant)
    stored = await users().get(tenant, created.json["id"], USERS)
    await users().save(stored.now(stored.document.rehashed(kept)), "import")

    assert (await log_in(tenant, password="another password")).status == 401
    assert (await log_in(tenant)).status == 200  # forgets the failure first
    assert (await log_in(tenant)).status == 200
    now_kept = (await users().get(tenant, created.json["id"], USERS)).document.password_hash
    assert now_kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await log_in(tenant)).status == 200


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "plain text",
        "md5$salt$digest",
        "pbkdf2_sha256$1000$$YWJj",
        "pbkdf2_sha256$x$salt$YWJj",
        "pbkdf2_sha256$99999999$salt$" + base64.b64encode(b"x" * 32).decode(),
        "pbkdf2_sha256$1000$salt$!!!",
        "pbkdf2_sha256$1000$salt$" + base64.b64encode(b"short").decode(),
        "$2b$31$" + "x" * 53,
        "$2b$10$short",
        "$argon2id$nonsense",
        "$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
    ],
)
async def test_a_hash_that_cannot_be_verified_safely_is_none(kept: str) -> None:
    assert not Hashes().known(kept)


@pytest.mark.parametrize("kept", IMPORTED, ids=["pbkdf2", "bcrypt", "bcrypt-2a", "argon2"])
async def test_a_good_hash_is_known(kept: str) -> None:
    hashes = Hashes()
    assert hashes.known(kept)
    assert await hashes.fits(PASSWORD, kept)
    assert not await hashes.fits(PASSWORD + " ", kept)


@pytest.mark.parametrize("kept", ["pbkdf2_sha256$1$x", "$2b$04$broken", "$argon2id$broken", "?"])
async def test_a_broken_hash_fits_nothing(kept: str) -> None:
    assert not await Hashes().fits(PASSWORD, kept)
