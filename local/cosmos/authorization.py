"""The signature of the account key on every request (HMAC-SHA256), as the REST API defines it."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import unquote

from local.cosmos.call import Call
from local.cosmos.errors import unauthorized

# The key of Microsoft's emulator, public by design: it opens nothing but emulators.
EMULATOR_KEY = (
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=="
)


def check_signature(call: Call, key: bytes) -> None:
    """Raises 401 unless the request is signed with `key`."""
    fields = dict(
        part.partition("=")[::2]
        for part in unquote(call.headers.get("authorization", "")).split("&")
    )
    given = fields.get("sig", "").encode()
    if fields.get("type") != "master" or not any(
        hmac.compare_digest(_signature(call, key, *signed), given) for signed in _signed(call)
    ):
        raise unauthorized(
            "The input authorization token can't serve the request. The wrong key is being used "
            "or the expected payload is not built as per the protocol."
        )


def _signature(call: Call, key: bytes, resource_type: str, link: str) -> bytes:
    date = call.headers.get("x-ms-date")
    dates = f"{date.lower()}\n" if date else f"\n{call.headers.get('date', '').lower()}"
    payload = f"{call.method.lower()}\n{resource_type.lower()}\n{link}\n{dates}\n"
    return base64.b64encode(hmac.new(key, payload.encode(), hashlib.sha256).digest())


def _signed(call: Call) -> Iterator[tuple[str, str]]:
    """What the client may have signed: the type of the resource, and the link to it."""
    segments = call.segments
    if not segments:
        yield "databaseaccount", ""
        yield "", ""
    elif segments[-1] == "partitionkeydelete":
        yield "colls", "/".join(segments[:-2])
    elif segments[0] == "offers" and len(segments) == 2:
        yield "offers", segments[1].lower()
    elif len(segments) % 2:
        yield segments[-1], "/".join(segments[:-1])
    else:
        yield segments[-2], "/".join(segments)
