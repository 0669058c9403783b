"""How guessing is slowed: after so many failures nobody gets in for a while, whatever they send.

The two strategies and their tables are those of Keycloak's brute-force detection (Server
Administration Guide, "Brute force attacks"): with "multiple", every so many failures add a wait;
with "linear", each failure after the first so many does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar

from pydantic import AwareDatetime

from functions.auth.domain.user import USERS, User
from shared.records.document import Document, Stored

FORGOTTEN_AFTER = timedelta(hours=12)


class Strategy(StrEnum):
    MULTIPLE = "multiple"
    LINEAR = "linear"


@dataclass(frozen=True)
class Limit:
    """When waiting begins, by how much it grows, and where it ends (seconds)."""

    most_failures: int
    wait_increment_s: int
    most_wait_s: int
    strategy: Strategy = Strategy.MULTIPLE

    def wait_s(self, failures: int) -> int:
        """How long nobody gets in after the last of so many failures."""
        if self.strategy is Strategy.MULTIPLE:
            steps = failures // self.most_failures
        else:
            steps = max(0, 1 + failures - self.most_failures)
        return min(steps * self.wait_increment_s, self.most_wait_s)


# An account may be attacked from many places, and a place may attack many accounts; a company
# behind one address has many people who mistype.
OF_ACCOUNT = Limit(most_failures=5, wait_increment_s=60, most_wait_s=900)
OF_ADDRESS = Limit(most_failures=50, wait_increment_s=30, most_wait_s=900, strategy=Strategy.LINEAR)
# After so many failures somebody is asked to show that they are a person, where that can be asked.
CAPTCHA_AFTER_OF_ACCOUNT, CAPTCHA_AFTER_OF_ADDRESS = 3, 10


class Failures(Document):
    """Logins that failed, of one account or from one address. Machines write it."""

    audited: ClassVar[bool] = False

    count: int = 0
    failed_at: AwareDatetime
    ttl: int | None = int(FORGOTTEN_AFTER.total_seconds())

    @property
    def key(self) -> str:
        return USERS

    def locked_until(self, limit: Limit) -> datetime:
        return self.failed_at + timedelta(seconds=limit.wait_s(self.count))

    def at_least(self, count: int, at: datetime) -> bool:
        """Whether there were so many, and they are not forgotten."""
        return self.count >= count and at < self.failed_at + FORGOTTEN_AFTER

    def once_more(self, at: datetime) -> "Failures":
        """One more, unless the last was so long ago that it is forgotten."""
        known = self.count if at < self.failed_at + FORGOTTEN_AFTER else 0
        return self.model_copy(update={"count": known + 1, "failed_at": at})


def account_failures_id(email: str) -> str:
    """The same for addresses that nobody has, so that guessing those looks the same."""
    return f"failures-account:{sha256(email.encode()).hexdigest()}"


def address_failures_id(address: str) -> str:
    """Nothing for an address that is not known: nobody must be locked out for others' failures."""
    if not address:
        return ""
    return f"failures-address:{sha256(address.encode()).hexdigest()}"


def first_failure(tenant_id: str, failures_id: str, at: datetime) -> Failures:
    return Failures(id=failures_id, tenant_id=tenant_id, count=1, failed_at=at)


def no_failures(tenant_id: str, email: str, at: datetime) -> Failures:
    """To be saved where the owner of an account has come by another way."""
    return Failures(id=account_failures_id(email), tenant_id=tenant_id, count=0, failed_at=at)


@dataclass(frozen=True)
class Knocking:
    """Somebody who wants in: the user with that e-mail address, if any, and what failed before."""

    tenant_id: str
    account_id: str
    address_id: str
    user: Stored[User] | None
    account: Failures | None
    address: Failures | None

    def locks(self, at: datetime) -> bool:
        """Whether one more failure makes the account wait, or wait longer."""
        known = self.account.once_more(at).count if self.account else 1
        return not self.locked(at) and OF_ACCOUNT.wait_s(known) > OF_ACCOUNT.wait_s(known - 1)

    def locked(self, at: datetime) -> bool:
        """Whether nobody gets in now, with whatever password."""
        pairs = ((self.account, OF_ACCOUNT), (self.address, OF_ADDRESS))
        return any(failures and at < failures.locked_until(limit) for failures, limit in pairs)

    def asks_for_captcha(self, at: datetime) -> bool:
        """Whether a program may be guessing."""
        pairs = (
            (self.account, CAPTCHA_AFTER_OF_ACCOUNT),
            (self.address, CAPTCHA_AFTER_OF_ADDRESS),
        )
        return any(failures and failures.at_least(count, at) for failures, count in pairs)
