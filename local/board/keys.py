"""Where the rooms of the board find each other in an aiohttp application."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from local.board.blobs.storage import Storage
from local.board.cosmos.account import Account
from local.board.hiding import Hiding
from local.board.log.following import Following
from local.board.surroundings import Surroundings
from local.board.upstream import Upstream

Clock = Callable[[], datetime]

SURROUNDINGS = web.AppKey("SURROUNDINGS", Surroundings)
HIDING = web.AppKey("HIDING", Hiding)
UPSTREAM = web.AppKey("UPSTREAM", Upstream)
COSMOS = web.AppKey("COSMOS", Account)
STORAGE = web.AppKey("STORAGE", Storage)
LOG = web.AppKey("LOG", Following)
CLOCK: web.AppKey[Clock] = web.AppKey("CLOCK")
