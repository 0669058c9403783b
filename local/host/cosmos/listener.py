"""Reads one container's change feed for one function; a change is passed on at least once."""

from collections.abc import Mapping
from datetime import UTC, datetime

from aiohttp import ClientError
from azure.core.exceptions import AzureError
from azure.cosmos.exceptions import CosmosAccessConditionFailedError

from local.host import datums, logs, retrying
from local.host.backoff import Backoff
from local.host.cosmos import lease as leases
from local.host.cosmos.feed import Page, next_page
from local.host.cosmos.monitored import Monitored, client
from local.host.index import IndexedFunction
from local.host.invocations import Invocations
from local.host.singletons import Singletons
from local.host.stopping import Stop


class ChangeFeedListener:
    """The lease advances when the function succeeded, or may not be repeated any more."""

    def __init__(
        self,
        function: IndexedFunction,
        monitored: Monitored,
        invocations: Invocations,
        settings: Mapping[str, str],
        singletons: Singletons,
    ) -> None:
        self.function = function
        self.state = "starting"
        self._monitored = monitored
        self._invocations = invocations
        self._settings = settings
        self._backoff = Backoff()
        self._singletons = singletons

    async def run(self, stop: Stop) -> None:
        """Read until `stop`, once no other host on this data does."""
        async with self._singletons.held(self.function.name, stop) as mine:
            if mine:
                await self._keep_reading(stop)
        self.state = "stopped"

    async def _keep_reading(self, stop: Stop) -> None:
        """Through every absence of the account."""
        while not stop.asked:
            try:
                await self._read(stop)
            except CosmosAccessConditionFailedError:
                logs.warn("lease taken over", function=self.function.name)
            except (AzureError, ClientError, OSError) as error:
                wait_s = self._backoff.fail()
                self.state = "waiting for Cosmos DB"
                if self._backoff.failures in {1, 20}:
                    logs.warn("listener cut off", function=self.function.name, error=str(error))
                await stop.sleep(wait_s)

    async def _read(self, stop: Stop) -> None:
        what = self._monitored
        async with (
            client(what.source.connection, self._settings) as source,
            client(what.leases.connection, self._settings) as lease_client,
        ):
            database = source.get_database_client(what.source.database)
            container = database.get_container_client(what.source.container)
            lease = await leases.load(lease_client, what, self.function.name)
            while not stop.asked:
                page = await next_page(
                    container,
                    lease.continuation,
                    from_beginning=what.from_beginning,
                    size=what.page_size,
                )
                self._is_there()
                if page.documents:
                    if not await self._pass_on(page, stop):
                        return  # stopped between attempts: the next host reads the page again
                    self._invocations.faults.point("before-settle", self.function.name)
                    await lease.advance(page.continuation)
                    self._invocations.faults.point("after-settle", self.function.name)
                else:
                    if lease.continuation is None:
                        await lease.advance(page.continuation)
                    await stop.sleep(what.poll_delay_s)

    async def _pass_on(self, page: Page, stop: Stop) -> bool:
        """Whether the function is done with the page, for better or worse."""
        done = await retrying.run(
            self._invocations,
            self.function,
            datums.as_json(page.documents),
            stop,
            reason=f"New changes on container {self._monitored.source.container} "
            f"at {datetime.now(UTC).isoformat(timespec='seconds').replace('+00:00', 'Z')}",
        )
        if done is False:
            logs.fail("changes given up", function=self.function.name)
        return done is not None

    def _is_there(self) -> None:
        self.state = "listening"
        if self._backoff.succeed():
            logs.say("listener back", function=self.function.name)
