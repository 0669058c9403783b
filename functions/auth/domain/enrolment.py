"""A user's factors: begun, confirmed, used, renamed, removed. Pure."""

from datetime import datetime

from functions.auth.domain.factors import (
    MOST_FACTORS,
    Factor,
    FactorKind,
    FactorSecret,
    PasskeySecret,
    RecoverySecret,
)
from functions.auth.domain.refusals import NoFactor, TooManyFactors
from functions.auth.domain.user import User
from shared.errors import Missing


def factor_of(user: User, factor_id: str) -> Factor:
    """Raises Missing."""
    for factor in user.factors:
        if factor.id == factor_id:
            return factor
    raise Missing(f"There is no factor {factor_id}.")


def passkeys_of(user: User) -> dict[str, PasskeySecret]:
    """The confirmed ones, by the factor's id."""
    found = {
        factor.id: user.factor_secrets[factor.id] for factor in user.factors if factor.confirmed
    }
    return {name: secret for name, secret in found.items() if isinstance(secret, PasskeySecret)}


def begun(user: User, factor: Factor, secret: FactorSecret, at: datetime) -> User:
    """What was begun before and left is dropped. Raises TooManyFactors."""
    kept = [each for each in user.factors if each.counts_or_may_yet(at)]
    if len(kept) >= MOST_FACTORS:
        raise TooManyFactors(f"Nobody needs more than {MOST_FACTORS} factors. Remove one first.")
    return _with(user, [*kept, factor], {**user.factor_secrets, factor.id: secret})


def confirmed(
    user: User, factor_id: str, secret: FactorSecret, at: datetime, session_id: str
) -> User:
    """The factor counts from now on. With the first, all logins end that did without, but that
    which confirmed it."""
    first = not user.protected
    changed = _replaced(user, factor_id, secret, confirmed_at=at, used_at=at)
    since = {"protected_at": at, "kept_session_id": session_id} if first else {}
    return changed.model_copy(update=since)


def used(user: User, factor_id: str, secret: FactorSecret, at: datetime) -> User:
    """What a proof uses up is used up."""
    left = len(secret.hashes) if isinstance(secret, RecoverySecret) else None
    return _replaced(user, factor_id, secret, used_at=at, codes_left=left)


def sending(user: User, factor_id: str, secret: FactorSecret) -> User:
    """A code is on its way."""
    return _replaced(user, factor_id, secret)


def renamed(user: User, factor_id: str, name: str) -> User:
    """Raises Missing."""
    factor = factor_of(user, factor_id)
    return _replaced(user, factor_id, user.factor_secrets[factor.id], name=name)


def removed(user: User, factor_id: str) -> User:
    """Recovery codes go with the last factor that they stand in for. Raises Missing."""
    gone = factor_of(user, factor_id)
    left = [factor for factor in user.factors if factor is not gone]
    if not any(factor.confirmed and factor.kind is not FactorKind.RECOVERY for factor in left):
        left = [factor for factor in left if factor.kind is not FactorKind.RECOVERY]
    return _with(user, left, user.factor_secrets)


def with_recovery_codes(user: User, factor_id: str, secret: RecoverySecret, at: datetime) -> User:
    """In place of those before. Raises NoFactor where they would stand in for nothing."""
    others = [factor for factor in user.factors if factor.kind is not FactorKind.RECOVERY]
    if not any(factor.confirmed for factor in others):
        raise NoFactor("Add an authenticator app or a passkey first.")
    factor = Factor(
        id=factor_id,
        kind=FactorKind.RECOVERY,
        name="Recovery codes",
        added_at=at,
        confirmed_at=at,
        codes_left=len(secret.hashes),
    )
    return _with(user, [*others, factor], {**user.factor_secrets, factor_id: secret})


def without_factors(user: User) -> User:
    """As an owner wants who has lost them and proved it otherwise."""
    return _with(user, [], {}).model_copy(update={"factors_reset_hash": ""})


def _replaced(user: User, factor_id: str, secret: FactorSecret, **update: object) -> User:
    factors = [
        each.model_copy(update=update) if each.id == factor_id else each for each in user.factors
    ]
    return _with(user, factors, {**user.factor_secrets, factor_id: secret})


def _with(user: User, factors: list[Factor], secrets: dict[str, FactorSecret]) -> User:
    """Secrets of factors that are no more are forgotten."""
    known = {factor.id for factor in factors}
    kept = {name: secret for name, secret in secrets.items() if name in known}
    return user.model_copy(update={"factors": tuple(factors), "factor_secrets": kept})
