"""Half a login: somebody proved something, and has yet to prove more."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from functions.auth.domain.factors import Factor, FactorKind
from functions.auth.domain.user import USERS, User
from shared.identity.kinds import CHALLENGE
from shared.records.document import Document


class Purpose(StrEnum):
    """What a challenge is for; it serves nothing else."""

    LOGIN = "login"
    STEP_UP = "step-up"
    RESET = "reset"
    PASSKEY = "passkey"


@dataclass(frozen=True)
class Challenge:
    """`id` has 256 random bits. `account_id` is where its owner's failures are counted.

    `session_id` is the login that is to be strengthened, and `knows_password` says whether the
    owner has lately proven that, or what stands for it. A passkey's challenge is nobody's yet.
    """

    id: str
    purpose: Purpose
    tenant_id: str
    at: datetime
    user_id: str = ""
    account_id: str = ""
    session_id: str = ""
    knows_password: bool = False

    @property
    def nonce(self) -> bytes:
        return nonce_of(self.id)

    def holds_for(self, user: User) -> bool:
        """Not for the disabled, nor where the password was changed since it was proven."""
        since = user.password_changed_at
        return user.active and (since is None or since <= self.at)

    def admits(self, factor: Factor) -> bool:
        """A mailbox alone proves nothing: it takes the password with it."""
        return factor.confirmed and (factor.kind is not FactorKind.EMAIL or self.knows_password)

    def claims(self) -> dict[str, Any]:
        """What its token says."""
        return {
            "sub": self.user_id or "anybody",
            "jti": self.id,
            "tenant_id": self.tenant_id,
            "purpose": self.purpose,
            "account": self.account_id,
            "sid": self.session_id,
            "password": self.knows_password,
            "at": self.at.isoformat(),
        }


def nonce_of(challenge_id: str) -> bytes:
    """What an authenticator signs."""
    return urlsafe_b64decode(challenge_id + "=" * (-len(challenge_id) % 4))


def read(claims: Mapping[str, Any]) -> Challenge:
    """From the claims of a token that was verified."""
    purpose = Purpose(claims["purpose"])
    return Challenge(
        id=claims["jti"],
        purpose=purpose,
        tenant_id=claims["tenant_id"],
        at=datetime.fromisoformat(claims["at"]),
        user_id="" if purpose is Purpose.PASSKEY else claims["sub"],
        account_id=claims["account"],
        session_id=claims["sid"],
        knows_password=claims["password"],
    )


class Spent(Document):
    """Stands beside the user who answered a challenge, so that nobody answers it again."""

    audited: ClassVar[bool] = False

    ttl: int | None = int((CHALLENGE.lifetime + timedelta(minutes=5)).total_seconds())

    @property
    def key(self) -> str:
        return USERS


def spent(challenge: Challenge) -> Spent:
    return Spent(id=f"spent:{challenge.id}", tenant_id=challenge.tenant_id)
