"""One at a time for each account, so that no burst of guesses is decided on the same count."""

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """Passwords and codes of one account wait for each other."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, tenant_id: str, account_id: str) -> asyncio.Lock:
        """To be held while a guess is judged and counted."""
        return self._locks.setdefault(f"{tenant_id}/{account_id}", asyncio.Lock())
