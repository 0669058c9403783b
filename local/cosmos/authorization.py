"""The signature of the account key on every request (HMAC-SHA256), as the REST API defines it."""

import base64
import hmac
from urllib.parse import unquote

from local.cosmos.call import Call
from local.cosmos.errors import unauthorized

# The key of Microsoft's emulator, public by design: it opens nothing but emulators.
EMULATOR_KEY = (
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=="
)


def check_signature(call: Call, key: bytes) -> None:
    """Raises 401 unless the request is signed with `key`."""
    given = _given(call.headers.get("authorization", ""))
    for resource_type, link in _signed(call):
        if hmac.compare_digest(_signature(call, key, resource_type, link), given):
            return
    raise unauthorized(
        "The input authorization token can't serve the request. The wrong key is being used "
        "or the expected payload is not built as per the protocol."
    )


def _given(authorization: str) -> bytes:
    """The signature in `type=master&ver=1.0&sig=...`; nothing where it is not signed by a key."""
    kind, _, rest = unquote(authorization).partition("&")
    for part in rest.split("&"):
        if kind == "type=master" and part.startswith("sig="):
            return part[4:].encode()
    return b""


def _signature(call: Call, key: bytes, resource_type: str, link: str) -> bytes:
    date = call.headers.get("x-ms-date")
    dates = f"{date.lower()}\n" if date else f"\n{call.headers.get('date', '').lower()}"
    payload = f"{call.method.lower()}\n{resource_type.lower()}\n{link}\n{dates}\n"
    return base64.b64encode(hmac.digest(key, payload.encode(), "sha256"))


def _signed(call: Call) -> tuple[tuple[str, str], ...]:
    """What the client may have signed: the type of the resource, and the link to it."""
    segments = call.segments
    if not segments:
        return ("databaseaccount", ""), ("", "")
    if segments[-1] == "partitionkeydelete":
        return (("colls", "/".join(segments[:-2])),)
    if segments[0] == "offers" and len(segments) == 2:
        return (("offers", segments[1].lower()),)
    if len(segments) % 2:
        return ((segments[-1], "/".join(segments[:-1])),)
    return ((segments[-2], "/".join(segments)),)
