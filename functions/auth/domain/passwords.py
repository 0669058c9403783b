"""Which passwords are taken: long enough, not common, not what everybody knows of their owner.

OWASP ASVS 5.0, section 6.2; NIST SP 800-63B-4, section 3.1.1. Nothing is asked of a password's
composition, and none has to be changed for its age.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from functions.auth.domain.refusals import WeakPassword

LONGEST = 128
LEAST_ALONE, LEAST_WITH_FACTOR = 15, 8
LEAST_GUESSES_LOG10 = 6.0  # fewer are tried within the limits on logins, given months
# What a guesser tries first here: the product, what it does, and the roles in it.
CONTEXT_WORDS = frozenset(
    {"collabazure", "collab", "azure", "admin", "administrator", "dispatcher", "driver", "member"}
    | {"logistics", "delivery", "geofence", "signature", "password", "passwort", "welcome"}
)
LEAST_WORD = 4  # shorter ones are in too many words to mean anything


@dataclass(frozen=True)
class Judgement:
    """What a strength estimator says: how many guesses, as a power of ten, and its advice."""

    guesses_log10: float
    advice: tuple[str, ...] = ()


def normalised(password: str) -> str:
    """As it is compared: what looks the same and is typed on another keyboard is the same (NFC)."""
    return unicodedata.normalize("NFC", password)


def check(
    password: str, judgement: Judgement, known: Iterable[str], *, with_factor: bool = False
) -> None:
    """Raises WeakPassword, saying why. `known` is what everybody knows of the owner."""
    least = LEAST_WITH_FACTOR if with_factor else LEAST_ALONE
    if len(password) < least:
        raise _weak("too-short", f"A password has at least {least} characters.")
    if len(password) > LONGEST:
        raise _weak("too-long", f"A password has at most {LONGEST} characters.")
    if word := _contained(password, known):
        raise _weak("predictable", f"Without '{word}' there is too little left of this password.")
    if judgement.guesses_log10 < LEAST_GUESSES_LOG10:
        raise _weak("common", "This password is too easy to guess.", judgement.advice)


def words_of(*texts: str) -> list[str]:
    """The words that somebody's name, address or company is made of."""
    split = "".join(c if c.isalnum() else " " for text in texts for c in f"{text} ")
    return [word for word in split.casefold().split() if len(word) >= LEAST_WORD]


def _contained(password: str, known: Iterable[str]) -> str:
    """The words without which fewer than eight characters are left."""
    left, found = password.casefold(), []
    for word in sorted({*known, *CONTEXT_WORDS}, key=len, reverse=True):
        if word in left:
            left = left.replace(word, "")
            found.append(word)
    return " ".join(found) if len(left) < LEAST_WITH_FACTOR else ""


def _weak(reason: str, sentence: str, advice: tuple[str, ...] = ()) -> WeakPassword:
    field = {"at": "password", "problem": sentence, "reason": reason}
    return WeakPassword(sentence, fields=[field], advice=list(advice))
