"""How calls are put together. The one file here that knows which classes are real."""

from functions.calls.domain import Call
from functions.calls.repository import CosmosCalls, LiveKitRooms, WebhookQueue
from functions.calls.service import CallService
from shared.platform import clock
from shared.platform.clients import NotConfigured, container, sender
from shared.platform.settings import settings
from shared.provided import Provided

call_records = Provided(lambda: CosmosCalls(container("calls"), Call, clock.now))


def _rooms() -> LiveKitRooms:
    chosen = settings()
    if not (chosen.livekit_url and chosen.livekit_key and chosen.livekit_secret):
        raise NotConfigured("Calls need LIVEKIT__url, LIVEKIT__apiKey and LIVEKIT__apiSecret.")
    return LiveKitRooms(chosen.livekit_url, chosen.livekit_key, chosen.livekit_secret)


calls = Provided(lambda: CallService(call_records(), _rooms(), WebhookQueue(sender), clock.now))
