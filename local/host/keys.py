"""Function keys: may a request with this key call a function of that level?"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MASTER = "LOCAL_MASTER_KEY"
FUNCTION = "LOCAL_FUNCTION_KEY"
Named = Mapping[str, str]


@dataclass(frozen=True)
class Keys:
    """The keys of the host. An empty key opens nothing. `enforced` off is Core Tools' way.

    `function` is the host key called `default`; `host` are its other keys by name, and `functions`
    the keys of single functions (their names in lower case). Host keys open every function.
    """

    master: str = ""
    function: str = ""
    enforced: bool = True
    host: Named = field(default_factory=dict)
    functions: Mapping[str, Named] = field(default_factory=dict)

    def admit(self, level: str, given: str, function: str = "") -> bool:
        """Whether `given` opens `function`, of `level` ANONYMOUS, FUNCTION or ADMIN."""
        if level == "ANONYMOUS" or not self.enforced:
            return True
        if level != "FUNCTION":
            return self.is_master(given)
        own = self.functions.get(function.lower(), {})
        return _is_one_of((self.master, self.function, *self.host.values(), *own.values()), given)

    def is_master(self, given: str) -> bool:
        """Whether `given` is the key of the admin routes; these are never open."""
        return _is_one_of((self.master,), given)


def _is_one_of(expected: Iterable[str], given: str) -> bool:
    """Compares with all of them, so that the time it takes says nothing."""
    theirs = given.encode(errors="surrogateescape")
    found = [bool(each) and hmac.compare_digest(each.encode(), theirs) for each in expected]
    return any(found)
