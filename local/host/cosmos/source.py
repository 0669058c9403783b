"""All Cosmos DB triggers of an app: their listeners, and a push by hand."""

import json
from collections.abc import Mapping
from pathlib import Path

from local.host import datums, index
from local.host.cosmos.listener import ChangeFeedListener
from local.host.cosmos.monitored import Monitored, monitored
from local.host.failures import IndexFailed
from local.host.index import IndexedFunction
from local.host.invocations import Invocations
from local.host.listeners import Listener
from local.host.singletons import Singletons


class CosmosSource:
    """Makes one listener per function."""

    kind = index.COSMOS

    def __init__(
        self, invocations: Invocations, settings: Mapping[str, str], data_dir: Path
    ) -> None:
        self._invocations = invocations
        self._settings = settings
        self._singletons = Singletons(data_dir / "locks")

    def listeners(self, functions: tuple[IndexedFunction, ...]) -> tuple[Listener, ...]:
        """Raises IndexFailed for a missing name or setting, and for two that share one lease.

        In Azure such two would each see only some of the changes.
        """
        taken: dict[tuple[object, ...], str] = {}
        made: list[Listener] = []
        for function in functions:
            what: Monitored = monitored(function, self._settings)
            other = taken.setdefault((what.source, what.leases, what.lease_id), function.name)
            if other != function.name:
                raise IndexFailed(
                    f"Function {function.name}: {other} has the same lease; "
                    "give each a leaseContainerPrefix of its own."
                )
            made.append(
                ChangeFeedListener(
                    function, what, self._invocations, self._settings, self._singletons
                )
            )
        return tuple(made)

    async def push(self, function: IndexedFunction, given: str) -> object:
        """Run with the documents that an operator typed: a JSON list, or one object."""
        documents = json.loads(given or "[]")
        return await self._invocations.run(function, datums.as_json(documents))

    async def close(self) -> None:
        """Every listener closes its own clients."""
