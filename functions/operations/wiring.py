"""Which dependencies there are in this deployment."""

from collections.abc import Awaitable, Callable

from functions.operations.repository import ask_blob, ask_cosmos, ask_http, ask_service_bus
from functions.operations.service import Probe, Readiness
from shared.platform.clients import blobs, container, sender
from shared.platform.settings import settings
from shared.provided import Provided


async def _ask_service_bus() -> None:
    await ask_service_bus(await sender("poison"))


def _asking(url: str) -> Callable[[], Awaitable[object]]:
    return lambda: ask_http(url)


def _readiness() -> Readiness:
    chosen = settings()
    optional = {
        "livekit": chosen.livekit_url,
        "communication": chosen.communication_endpoint,
        "timestamping": chosen.tsa_url,
    }
    return Readiness(
        [
            Probe("cosmos", True, lambda: ask_cosmos(container("auth"))),
            Probe("service_bus", True, _ask_service_bus),
            Probe("blob", True, lambda: ask_blob(blobs(), "documents")),
            *(Probe(name, False, _asking(url)) for name, url in optional.items() if url),
        ]
    )


readiness = Provided(_readiness)
