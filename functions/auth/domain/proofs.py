"""Does this code prove the factor, and what is used up by it? Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from functions.auth.domain.factors import AddressSecret, RecoverySecret, SentCode, TotpSecret
from functions.auth.domain.refusals import CodesTooOften

STEP_S = 30
DRIFT_STEPS = 1
CODE_DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no letter looks like a digit
RECOVERY_LENGTH, RECOVERY_GROUP = 24, 6
LOOKALIKES = str.maketrans("OIL", "011")
PAUSE = timedelta(seconds=30)
MOST_CODES, WINDOW = 5, timedelta(hours=1)

CodeAt = Callable[[str, int], str]


def digits(code: str) -> str:
    """As people copy them: in groups, with spaces."""
    return "".join(code.split())


def by_totp(secret: TotpSecret, code: str, at: datetime, code_at: CodeAt) -> TotpSecret | None:
    """With its time step used up, or None. One step before and after are for clocks that drift."""
    step = int(at.timestamp()) // STEP_S
    fits = [
        near
        for near in range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1)
        if compare_digest(code_at(secret.secret, near).encode(), digits(code).encode())
    ]
    if not fits or fits[-1] <= secret.last_step:
        return None
    return secret.model_copy(update={"last_step": fits[-1]})


def recovery_code(letters: str) -> str:
    """As it is shown: in groups."""
    starts = range(0, len(letters), RECOVERY_GROUP)
    return "-".join(letters[start : start + RECOVERY_GROUP] for start in starts)


def recovery_hash(code: str) -> str:
    """Of a code as somebody types it."""
    letters = "".join(c for c in code.upper() if c.isalnum()).translate(LOOKALIKES)
    return sha256(letters.encode()).hexdigest()


def recovery_secret(codes: Sequence[str]) -> RecoverySecret:
    return RecoverySecret(hashes=frozenset(recovery_hash(code) for code in codes))


def by_recovery_code(secret: RecoverySecret, code: str) -> RecoverySecret | None:
    """Without the code, or None."""
    used = recovery_hash(code)
    return RecoverySecret(hashes=secret.hashes - {used}) if used in secret.hashes else None


def may_be_sent(secret: AddressSecret, at: datetime) -> None:
    """Raises CodesTooOften: nobody's phone is rung all night, and no code is asked for until one
    fits."""
    lately = [sent for sent in secret.sent if at < sent + WINDOW]
    waits = [lately[-1] + PAUSE - at] if lately else []
    waits += [lately[-MOST_CODES] + WINDOW - at] if len(lately) >= MOST_CODES else []
    seconds = max((wait.total_seconds() for wait in waits), default=0.0)
    if seconds > 0:
        raise CodesTooOften("A code was sent already.", retry_after_s=int(seconds) + 1)


def sent(secret: AddressSecret, code_hash: str, bound_to: str, at: datetime) -> AddressSecret:
    """With a code on its way; one that was before counts no more."""
    code = SentCode(hash=code_hash, bound_to=bound_to, sent_at=at)
    return secret.model_copy(update={"code": code, "sent": (*secret.sent, at)[-MOST_CODES:]})


def arrived(secret: AddressSecret) -> AddressSecret:
    """Its code is used up."""
    return secret.model_copy(update={"code": None})
