"""`extensions.serviceBus` of host.json; names and defaults are those of version 5."""

from dataclasses import dataclass

from local.host.backoff import Backoff
from local.host.host_settings import HostSettings

SECTION = "extensions.serviceBus"
MODES = frozenset({"exponential", "fixed"})


@dataclass(frozen=True)
class ServiceBusOptions:
    """How messages are received. Without `session_idle_s` and delays the host uses its own."""

    max_concurrent_calls: int = 16
    max_concurrent_sessions: int = 8
    max_message_batch_size: int = 1000
    min_message_batch_size: int = 1
    max_batch_wait_s: float = 30.0
    prefetch_count: int = 0
    auto_complete_messages: bool = True
    max_auto_lock_renewal_s: float = 300.0
    session_idle_s: float | None = None
    retry_mode: str = "exponential"
    retry_delay_s: float | None = None
    retry_max_delay_s: float | None = None

    def backoff(self) -> Backoff:
        """How a listener waits for a broker that is away."""
        made = Backoff()
        first_s = self.retry_delay_s or made.first_s
        longest_s = first_s if self.retry_mode == "fixed" else self.retry_max_delay_s
        return Backoff(first_s=first_s, longest_s=max(longest_s or made.longest_s, first_s))


def options(settings: HostSettings) -> ServiceBusOptions:
    """Raises ValueError naming a setting that is impossible."""
    defaults = ServiceBusOptions()
    mode = settings.text(f"{SECTION}.clientRetryOptions.mode", defaults.retry_mode).lower()
    if mode not in MODES:
        raise ValueError(f"{SECTION}.clientRetryOptions.mode must be exponential or fixed")
    made = ServiceBusOptions(
        max_concurrent_calls=settings.whole(f"{SECTION}.maxConcurrentCalls", 16, least=1),
        max_concurrent_sessions=settings.whole(f"{SECTION}.maxConcurrentSessions", 8, least=1),
        max_message_batch_size=settings.whole(f"{SECTION}.maxMessageBatchSize", 1000, least=1),
        min_message_batch_size=settings.whole(f"{SECTION}.minMessageBatchSize", 1, least=1),
        max_batch_wait_s=settings.span_s(f"{SECTION}.maxBatchWaitTime", defaults.max_batch_wait_s),
        prefetch_count=settings.whole(f"{SECTION}.prefetchCount", 0, least=0),
        auto_complete_messages=settings.flag(f"{SECTION}.autoCompleteMessages", default=True),
        max_auto_lock_renewal_s=settings.span_s(f"{SECTION}.maxAutoLockRenewalDuration", 300.0),
        session_idle_s=_optional_s(settings, f"{SECTION}.sessionIdleTimeout")
        or _optional_s(settings, f"{SECTION}.clientRetryOptions.tryTimeout"),
        retry_mode=mode,
        retry_delay_s=_optional_s(settings, f"{SECTION}.clientRetryOptions.delay"),
        retry_max_delay_s=_optional_s(settings, f"{SECTION}.clientRetryOptions.maxDelay"),
    )
    if made.min_message_batch_size > made.max_message_batch_size:
        raise ValueError(f"{SECTION}.minMessageBatchSize is more than maxMessageBatchSize")
    return made


def _optional_s(settings: HostSettings, path: str) -> float | None:
    return settings.span_s(path, 0) or None
