"""Function keys: may a request with this key call a function of that level?"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

MASTER = "LOCAL_MASTER_KEY"
FUNCTION = "LOCAL_FUNCTION_KEY"


@dataclass(frozen=True)
class Keys:
    """The keys of the host. An empty key opens nothing. `enforced` off is Core Tools' way."""

    master: str = ""
    function: str = ""
    enforced: bool = True

    def admit(self, level: str, given: str) -> bool:
        """Whether `given` opens a function of `level` (ANONYMOUS, FUNCTION or ADMIN)."""
        if level == "ANONYMOUS" or not self.enforced:
            return True
        return self.is_master(given) or (level == "FUNCTION" and _same(self.function, given))

    def is_master(self, given: str) -> bool:
        """Whether `given` is the key of the admin routes; these are never open."""
        return _same(self.master, given)


def from_settings(settings: Mapping[str, str], *, enforced: bool) -> Keys:
    """The keys that the environment holds."""
    return Keys(settings.get(MASTER, ""), settings.get(FUNCTION, ""), enforced)


def _same(expected: str, given: str) -> bool:
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
