"""Passwords in slow hashes: Argon2id for what is new, and older forms that came with an import."""

import asyncio
import base64
import binascii
import hashlib
import hmac
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MOST_ITERATIONS = 2_000_000  # an imported hash must not be able to hold a core for minutes


class Hashes:
    """Argon2id with the least that OWASP asks for: 19 MiB, 2 passes, 1 lane.

    Two at once: each takes its memory and a core for some 20 ms.
    """

    def __init__(self, at_once: int = 2) -> None:
        self._turn = asyncio.Semaphore(at_once)

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(_hasher().hash, password)

    async def fits(self, password: str, password_hash: str | None) -> bool:
        """Takes as long where there is no user, and so no hash, at all."""
        async with self._turn:
            fits = await asyncio.to_thread(_verified, password, password_hash)
        return fits and password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        """Whether it should be hashed anew at the next login."""
        if not password_hash.startswith("$argon2id$"):
            return True
        return _hasher().check_needs_rehash(password_hash)

    def known(self, password_hash: str) -> bool:
        """Whether it is in one of the forms that can be verified here."""
        return password_hash.startswith(tuple(VERIFIERS)) and _well_formed(password_hash)


def _verified(password: str, known_hash: str | None) -> bool:
    password_hash = _hash_of_nobody() if known_hash is None else known_hash
    for prefix, verify in VERIFIERS.items():
        if password_hash.startswith(prefix):
            return verify(password, password_hash)
    return False


def _argon2(password: str, password_hash: str) -> bool:
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return _hasher().verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False


def _pbkdf2(password: str, password_hash: str) -> bool:
    """`pbkdf2_sha256$<iterations>$<salt>$<base64>`, as Django keeps it."""
    parsed = _django(password_hash)
    if parsed is None:
        return False
    iterations, salt, expected = parsed
    given = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations, len(expected))
    return hmac.compare_digest(given, expected)


def _bcrypt(password: str, password_hash: str) -> bool:
    """bcrypt reads 72 bytes and no NUL: those who imported it lived with that."""
    import bcrypt

    try:
        return bcrypt.checkpw(password.encode()[:72], password_hash.encode())
    except ValueError:
        return False


def _django(password_hash: str) -> tuple[int, bytes, bytes] | None:
    parts = password_hash.split("$")
    if len(parts) != 4 or not parts[1].isdecimal() or not parts[2]:
        return None
    try:
        expected = base64.b64decode(parts[3], validate=True)
    except (binascii.Error, ValueError):
        return None
    iterations = int(parts[1])
    if not (0 < iterations <= MOST_ITERATIONS and 16 <= len(expected) <= 64):
        return None
    return iterations, parts[2].encode(), expected


def _well_formed(password_hash: str) -> bool:
    if password_hash.startswith("pbkdf2_sha256$"):
        return _django(password_hash) is not None
    if password_hash.startswith("$argon2id$"):
        from argon2 import extract_parameters
        from argon2.exceptions import InvalidHashError

        try:
            found = extract_parameters(password_hash)
        except InvalidHashError:
            return False
        return found.memory_cost <= 1 << 18 and found.time_cost <= 10
    return len(password_hash) == 60 and password_hash[4:6].isdecimal() and password_hash[4:6] < "16"


VERIFIERS = {
    "$argon2id$": _argon2,
    "pbkdf2_sha256$": _pbkdf2,
    "$2a$": _bcrypt,
    "$2b$": _bcrypt,
    "$2y$": _bcrypt,
}


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _hash_of_nobody() -> str:
    """What an unknown user's password is compared with, so that it takes as long."""
    return _hasher().hash("nobody has this password")
