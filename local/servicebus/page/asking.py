"""What a request to the page asks for, read and checked. Knows no entity."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from aiohttp import web

from local.servicebus.faults import Fault

LOCAL_HOSTS = {"127.0.0.1", "localhost"}
MOST_SHOWN = 200
_LARGEST_NUMBER = 2**63 - 1  # of a sequence number


class Refused(Exception):
    """The request gets a status and a sentence instead of a page."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@web.middleware
async def only_local(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A page of another site must not reach this one through a name that points here."""
    try:
        _check(request)
        answer = await handler(request)
    except Refused as refused:
        answer = said(refused.status, str(refused))
    except Fault as fault:
        status = HTTPStatus.NOT_FOUND if fault.status == 404 else HTTPStatus.BAD_REQUEST
        answer = said(status, fault.description)
    except web.HTTPException as error:
        answer = said(HTTPStatus(error.status), f"{error.reason}.")
    answer.headers.update({"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
    return answer


def said(status: HTTPStatus, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


def _check(request: web.Request) -> None:
    host = request.headers.get("Host", "127.0.0.1").partition(":")[0]
    if host not in LOCAL_HOSTS:
        raise Refused(HTTPStatus.FORBIDDEN, "Only this machine is served here.")
    # A form of another site can post without asking first, but not with this type.
    if request.method == "POST" and request.content_type != "application/json":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Post application/json here.")


def number(request: web.Request, name: str, default: int, most: int = _LARGEST_NUMBER) -> int:
    """A count or a sequence number of the query; `most` is what a larger one is taken for."""
    text = request.query.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 19:
        raise Refused(HTTPStatus.BAD_REQUEST, f"'{name}' is a number of 0 or more.")
    return min(int(text), most)


class Order:
    """The body of a POST."""

    def __init__(self, fields: dict[str, object]) -> None:
        self._fields = fields

    @classmethod
    async def read(cls, request: web.Request) -> "Order":
        try:
            fields = await request.json()
        except ValueError as error:
            raise Refused(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from error
        if not isinstance(fields, dict):
            raise Refused(HTTPStatus.BAD_REQUEST, "The body is a JSON object.")
        return cls(fields)

    def entity(self) -> str:
        value = self._fields.get("entity")
        if not isinstance(value, str) or not value:
            raise Refused(HTTPStatus.BAD_REQUEST, "'entity' names a queue or a subscription.")
        return value

    def flag(self, name: str) -> bool:
        value = self._fields.get(name, False)
        if not isinstance(value, bool):
            raise Refused(HTTPStatus.BAD_REQUEST, f"'{name}' is true or false.")
        return value

    def numbers(self) -> Sequence[int] | None:
        """None: all of them. Must be said, so that a misspelt name does not mean everything."""
        value = self._fields.get("sequence_numbers", "missing")
        if value is None:
            return None
        if not isinstance(value, list) or not all(type(item) is int for item in value):
            raise Refused(
                HTTPStatus.BAD_REQUEST, "'sequence_numbers' is a list of numbers, or null for all."
            )
        return value
