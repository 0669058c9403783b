"""Twirp over aiohttp: protobuf or JSON in, the same out, errors as `{code, msg, meta}`.

https://twitchtv.github.io/twirp/docs/spec_v7.html
"""

from aiohttp import web
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import DecodeError, Message

from local.livekit import keys
from local.livekit.refusals import Refusal, refused_inside
from local.livekit.room_service import CALLS

PROTOBUF = "application/protobuf"
JSON = "application/json"
WITHOUT_REDIS = {"Egress": "egress", "Ingress": "ingress", "SIP": "sip"}


async def answer(request: web.Request) -> web.Response:
    """One call of `/twirp/livekit.{service}/{method}`."""
    try:
        return await _answer(request)
    except Refusal as refusal:
        return web.json_response(refusal.body(), status=refusal.status)


async def _answer(request: web.Request) -> web.Response:
    service, method = request.match_info["service"], request.match_info["method"]
    if service in WITHOUT_REDIS:
        raise refused_inside("internal", f"{WITHOUT_REDIS[service]} not connected (redis required)")
    if service != "RoomService":
        return web.Response(status=404, text="404 page not found\n")
    if request.method != "POST":
        raise _bad_route(request, f'unsupported method "{request.method}" (only POST is allowed)')
    if method not in CALLS:
        raise _bad_route(request, f'no handler for path "{request.path}"')
    if request.content_type not in {PROTOBUF, JSON}:
        raise _bad_route(
            request, f'unexpected Content-Type: "{request.headers.get("Content-Type", "")}"'
        )
    call = CALLS[method]
    message = _parse(await request.read(), request.content_type, call.request)
    reply = call(request.app[keys.ROOMS], request[keys.GRANTS], message)
    if request.content_type == JSON:
        text = MessageToJson(
            reply,
            preserving_proto_field_name=True,
            always_print_fields_with_no_presence=True,
            indent=None,
        )
        return web.Response(text=text, content_type=JSON)
    return web.Response(body=reply.SerializeToString(), content_type=PROTOBUF)


def _parse(body: bytes, content_type: str, kind: type[Message]) -> Message:
    try:
        if content_type == JSON:
            return Parse(body, kind(), ignore_unknown_fields=True)
        return kind.FromString(body)
    except (DecodeError, ParseError, UnicodeDecodeError) as error:
        what = "json" if content_type == JSON else "protobuf"
        raise Refusal("malformed", f"the {what} request could not be decoded") from error


def _bad_route(request: web.Request, reason: str) -> Refusal:
    route = f"{request.method} {request.path}"
    return Refusal("bad_route", reason, {"twirp_invalid_route": route})
