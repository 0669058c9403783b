"""`/_local` stands in for WebRTC: participants come, go and publish; health and data are shown."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web
from google.protobuf.json_format import MessageToDict
from livekit.protocol.models import DisconnectReason, TrackSource

from local.livekit import keys
from local.livekit.refusals import JoinRefused, Refusal, TokenRefused, room_not_found
from local.livekit.room import LiveRoom
from local.livekit.rooms import check_join
from local.livekit.tokens import verify

ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}
REASONS = frozenset(DisconnectReason.keys())
SOURCES = frozenset(TrackSource.keys())

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def validate(request: web.Request) -> web.Response:
    """`GET /rtc/validate?access_token=`: what clients ask when joining failed, to learn why."""
    try:
        check_join(request[keys.GRANTS])
    except JoinRefused as refused:
        return web.Response(status=refused.status, text=str(refused), headers=ANY_ORIGIN)
    return web.Response(text="success", headers=ANY_ORIGIN)


async def join(request: web.Request) -> web.Response:
    """`{token}` -> `{room, participant}`; refused with the status that signalling gives."""
    body = await _body(request, "token")
    grants = verify(body["token"], request.app[keys.API_KEY])
    room, participant = request.app[keys.ROOMS].join(grants)
    return web.json_response(
        {"room": MessageToDict(room.info), "participant": MessageToDict(participant)}
    )


async def leave(request: web.Request) -> web.Response:
    """`{room, identity, reason?}`: the client went; `reason` is a name of DisconnectReason."""
    body = await _body(request, "room", "identity")
    name = body.get("reason", "CLIENT_INITIATED")
    if name not in REASONS:
        raise web.HTTPBadRequest(text=f"no such reason: {name}")
    participant = _room(request, body).leave(body["identity"], name)
    return web.json_response({"participant": MessageToDict(participant)})


async def publish(request: web.Request) -> web.Response:
    """`{room, identity, source?, name?}` -> `{track}`; `source` is a name of TrackSource."""
    body = await _body(request, "room", "identity")
    source = body.get("source", "MICROPHONE")
    if source not in SOURCES:
        raise web.HTTPBadRequest(text=f"no such source: {source}")
    room = _room(request, body)
    track = room.publish(body["identity"], source, body.get("name", ""))
    return web.json_response({"track": MessageToDict(track)})


async def unpublish(request: web.Request) -> web.Response:
    body = await _body(request, "room", "identity", "track_sid")
    _room(request, body).unpublish(body["identity"], body["track_sid"])
    return web.json_response({})


async def data(request: web.Request) -> web.Response:
    """`GET /_local/data?room=`: the packets that `send_data` brought, oldest first."""
    room = _room(request, {"room": request.query.get("room", "")})
    return web.json_response({"packets": [asdict(packet) for packet in room.packets]})


async def health(request: web.Request) -> web.Response:
    webhooks = request.app[keys.WEBHOOKS]
    counts = {"sent": webhooks.sent, "waiting": webhooks.waiting, "dropped": webhooks.dropped}
    rooms = len(request.app[keys.ROOMS].by_name)
    return web.json_response({"status": "ok", "rooms": rooms, "webhooks": counts})


def plainly(handler: Handler) -> Handler:
    """Refusals become `{error}` with their own status."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (JoinRefused, Refusal) as refused:
            return web.json_response({"error": str(refused)}, status=refused.status)
        except TokenRefused as refused:
            return web.json_response({"error": str(refused)}, status=401)
        except KeyError as missing:
            return web.json_response({"error": f"not here: {missing.args[0]}"}, status=404)

    return answer


def _room(request: web.Request, body: dict[str, Any]) -> LiveRoom:
    rooms = request.app[keys.ROOMS].by_name
    if body["room"] not in rooms:
        raise room_not_found()
    return rooms[body["room"]]


async def _body(request: web.Request, *needed: str) -> dict[str, Any]:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise web.HTTPBadRequest(text="The body must be JSON.") from error
    if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in needed):
        raise web.HTTPBadRequest(text=f"Needs {', '.join(needed)}.")
    return body


ROUTES = [
    web.post("/_local/join", plainly(join)),
    web.post("/_local/leave", plainly(leave)),
    web.post("/_local/publish", plainly(publish)),
    web.post("/_local/unpublish", plainly(unpublish)),
    web.get("/_local/data", plainly(data)),
    web.get("/_local/health", health),
]
