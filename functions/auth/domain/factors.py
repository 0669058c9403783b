"""What second factors are: an authenticator app, a passkey, a phone, a mailbox, a sheet of codes.

OWASP ASVS 5.0, sections 6.5 to 6.7; NIST SP 800-63B-4, section 3.1.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from shared.model import Model

CONFIRMED_WITHIN = timedelta(minutes=10)
CODE_LIVES = timedelta(minutes=10)
MOST_FACTORS = 10


class FactorKind(StrEnum):
    """Of which kind a factor is."""

    TOTP = "totp"
    WEBAUTHN = "webauthn"
    SMS = "sms"
    EMAIL = "email"
    RECOVERY = "recovery"


# A mailbox is none of these: whoever has it may have the password reset.
STRONG = frozenset({FactorKind.TOTP, FactorKind.WEBAUTHN, FactorKind.SMS})
REACH_AAL2 = STRONG | {FactorKind.RECOVERY}


class Kept(Model):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Factor(Kept):
    """What may be shown of a factor. It counts from `confirmed_at` on."""

    id: str
    kind: FactorKind
    name: str
    added_at: AwareDatetime
    confirmed_at: AwareDatetime | None = None
    used_at: AwareDatetime | None = None
    codes_left: int | None = None

    @property
    def confirmed(self) -> bool:
        return self.confirmed_at is not None

    def counts_or_may_yet(self, at: datetime) -> bool:
        """Not so what was begun and not confirmed in time."""
        return self.confirmed or at < self.added_at + CONFIRMED_WITHIN


class TotpSecret(Kept):
    """RFC 6238. A time step whose code was used, and all before it, are used up."""

    of: Literal["totp"] = "totp"
    secret: str
    last_step: int = -1


class PasskeySecret(Kept):
    """A credential's public key, and how often it has signed. All base64url.

    `challenge` is that of its registration, until it is confirmed.
    """

    of: Literal["passkey"] = "passkey"
    challenge: str = ""
    credential_id: str = ""
    public_key: str = ""
    sign_count: int = 0
    transports: tuple[str, ...] = ()


class SentCode(Kept):
    """A code on its way, in a slow hash. `bound_to` is the challenge that it answers."""

    hash: str
    bound_to: str
    sent_at: AwareDatetime

    def answers(self, challenge_id: str, at: datetime) -> bool:
        return self.bound_to == challenge_id and at < self.sent_at + CODE_LIVES


class AddressSecret(Kept):
    """Where codes are sent, as it was confirmed, and when the last ones were."""

    of: Literal["address"] = "address"
    to: str
    code: SentCode | None = None
    sent: tuple[AwareDatetime, ...] = ()


class RecoverySecret(Kept):
    """SHA-256 of those that are left: each has 120 bits, so that a fast hash is enough."""

    of: Literal["recovery"] = "recovery"
    hashes: frozenset[str]


FactorSecret = Annotated[
    TotpSecret | PasskeySecret | AddressSecret | RecoverySecret, Field(discriminator="of")
]
