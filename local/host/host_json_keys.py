"""Which settings of host.json there are: what this host honours, and what only Azure does.

Source: the host.json reference of Azure Functions 4 and of the extensions of bundle 4.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from local.host.host_settings import Setting

HONOURED = frozenset(
    """
    version functionTimeout functions
    retry.strategy retry.maxRetryCount retry.delayInterval retry.minimumInterval
    retry.maximumInterval logging.logLevel.default extensions.http.routePrefix
    extensions.serviceBus.prefetchCount extensions.serviceBus.autoCompleteMessages
    extensions.serviceBus.maxAutoLockRenewalDuration extensions.serviceBus.maxConcurrentCalls
    extensions.serviceBus.maxConcurrentSessions extensions.serviceBus.sessionIdleTimeout
    extensions.serviceBus.maxMessageBatchSize extensions.serviceBus.minMessageBatchSize
    extensions.serviceBus.maxBatchWaitTime extensions.serviceBus.clientRetryOptions.mode
    extensions.serviceBus.clientRetryOptions.delay
    extensions.serviceBus.clientRetryOptions.maxDelay
    extensions.serviceBus.clientRetryOptions.tryTimeout
    """.lower().split()
)

# Whatever stands under these is known too, and without effect on one machine.
AZURE_ONLY = tuple(
    """
    $schema aggregator concurrency customHandler extensionBundle healthMonitor logging
    managedDependency sendCanceledInvocationsToTheWorker singleton telemetryMode watchDirectories
    watchFiles extensions.blobs extensions.cosmosDB extensions.durableTask extensions.eventGrid
    extensions.eventHubs extensions.kafka extensions.mcp extensions.queues extensions.sendGrid
    extensions.signalR extensions.tables extensions.warmup
    extensions.http.customHeaders extensions.http.dynamicThrottlesEnabled extensions.http.hsts
    extensions.http.maxConcurrentRequests extensions.http.maxOutstandingRequests
    extensions.serviceBus.clientRetryOptions.maxRetries
    extensions.serviceBus.enableCrossEntityTransactions
    extensions.serviceBus.maxConcurrentCallsPerSession extensions.serviceBus.transportType
    extensions.serviceBus.webProxy
    """.lower().split()
)


@dataclass(frozen=True)
class Idle:
    """What a host.json says in vain here: known to Azure, and known to nobody."""

    azure_only: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def idle(settings: Iterable[Setting]) -> Idle:
    """Each name once: of a group that nobody knows, the name of the group."""
    azure_only, unknown = dict[str, None](), dict[str, None]()
    for setting in settings:
        key = setting.path.lower()
        if _within(key, ("functions",)) or key in HONOURED:
            continue
        group = next((known for known in AZURE_ONLY if _within(key, (known,))), None)
        if group is not None:
            azure_only[_first_parts(setting.path, group.count(".") + 1)] = None
        else:
            unknown[_unknown_part(setting.path)] = None
    return Idle(tuple(azure_only), tuple(unknown))


def _within(key: str, groups: Iterable[str]) -> bool:
    return any(key == group or key.startswith(f"{group}.") for group in groups)


def _first_parts(path: str, count: int) -> str:
    return ".".join(path.split(".")[:count])


def _unknown_part(path: str) -> str:
    """As much of the path as no known setting shares."""
    for count in range(1, path.count(".") + 1):
        part = _first_parts(path, count).lower()
        if not any(_within(known, (part,)) for known in (*HONOURED, *AZURE_ONLY)):
            return _first_parts(path, count)
    return path
