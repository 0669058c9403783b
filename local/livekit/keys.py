"""Where the parts of the server find each other in an aiohttp application and request."""

from aiohttp import web

from local.livekit.rooms import Rooms
from local.livekit.tokens import ApiKey, Grants
from local.livekit.webhooks import Webhooks

API_KEY = web.AppKey("API_KEY", ApiKey)
ROOMS = web.AppKey("ROOMS", Rooms)
WEBHOOKS = web.AppKey("WEBHOOKS", Webhooks)
GRANTS = web.RequestKey("GRANTS", Grants)
