"""Where the parts of the recorder find each other in an aiohttp application."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from local.communication.authorization import AccessKey
from local.communication.changes import Changes
from local.communication.email import EmailService
from local.communication.faults import Faults
from local.communication.recorder import Recorder
from local.communication.sms import SmsService

Clock = Callable[[], datetime]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ACCESS_KEY = web.AppKey("ACCESS_KEY", AccessKey)
RECORDER = web.AppKey("RECORDER", Recorder)
FAULTS = web.AppKey("FAULTS", Faults)
SMS = web.AppKey("SMS", SmsService)
EMAIL = web.AppKey("EMAIL", EmailService)
CHANGES = web.AppKey("CHANGES", Changes)
CLOCK: web.AppKey[Clock] = web.AppKey("CLOCK")
