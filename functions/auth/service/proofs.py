"""Does this prove the factor? One answer for each kind, and what the proof uses up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.auth.domain import enrolment, proofs
from functions.auth.domain.challenge import Challenge, Purpose
from functions.auth.domain.factors import (
    REACH_AAL2,
    AddressSecret,
    Factor,
    FactorSecret,
    RecoverySecret,
    TotpSecret,
)
from functions.auth.domain.session import Assurance
from functions.auth.domain.user import User
from functions.auth.service.ports import AuthenticatorApps, Hashes, Passkeys


@dataclass(frozen=True)
class Given:
    """What somebody sent to prove a factor; a passkey says itself which one it is."""

    factor_id: str
    code: str = ""
    credential: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Proven:
    """The user as the proof leaves them, the factor, and when they set out to prove it."""

    user: User
    factor: Factor
    at: datetime

    @property
    def assurance(self) -> Assurance:
        return Assurance.AAL2 if self.factor.kind in REACH_AAL2 else Assurance.AAL1


class Proofs:
    """Judges proofs. Reads and writes nothing."""

    def __init__(self, hashes: Hashes, apps: AuthenticatorApps, passkeys: Passkeys) -> None:
        self._hashes = hashes
        self._apps = apps
        self.passkeys = passkeys

    async def judged(
        self, user: User, given: Given, challenge: Challenge, at: datetime
    ) -> Proven | None:
        """None for whatever does not prove it."""
        factor = next((each for each in user.factors if each.id == given.factor_id), None)
        if factor is None or not challenge.admits(factor):
            return None
        alone = challenge.purpose is Purpose.PASSKEY
        secret = user.factor_secrets[factor.id]
        left = await self.left(secret, given, challenge.id, challenge.nonce, at, alone=alone)
        if left is None:
            return None
        return Proven(enrolment.used(user, factor.id, left, at), factor, at)

    async def left(
        self,
        secret: FactorSecret,
        given: Given,
        bound_to: str,
        nonce: bytes,
        at: datetime,
        *,
        alone: bool = False,
    ) -> FactorSecret | None:
        """What is left of a secret after this proof, or None."""
        match secret:
            case TotpSecret():
                return proofs.by_totp(secret, given.code, at, self._apps.code_at)
            case RecoverySecret():
                return proofs.by_recovery_code(secret, given.code)
            case AddressSecret():
                return await self._by_sent_code(secret, given.code, bound_to, at)
            case _:
                credential = given.credential or {}
                return self.passkeys.asserted(secret, credential, nonce, alone=alone)

    async def _by_sent_code(
        self, secret: AddressSecret, code: str, bound_to: str, at: datetime
    ) -> AddressSecret | None:
        known = secret.code if secret.code and secret.code.answers(bound_to, at) else None
        fits = await self._hashes.fits(proofs.digits(code), known.hash if known else None)
        return proofs.arrived(secret) if fits else None

    def passkey_given(self, user: User, credential: Mapping[str, Any]) -> Given:
        """Which of the user's passkeys this is the answer of."""
        known = enrolment.passkeys_of(user)
        named = [name for name in known if known[name].credential_id == credential.get("id")]
        return Given(named[0] if named else "", credential=credential)
