"""Shared access signatures: who signed, for which path, until when. Knows no connection."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, quote_plus, urlsplit

from local.servicebus.faults import unauthorized


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to everything at `path` and below it; '' is the whole namespace."""

    path: str
    expires_ms: int


def check(token: str, keys: Mapping[str, str], now_ms: int) -> Claim:
    """Raises the fault of an unauthorized client."""
    scheme, _, rest = token.partition(" ")
    if scheme != "SharedAccessSignature":
        raise unauthorized("InvalidSignature: the token is not a SharedAccessSignature")
    given = {name: values[0] for name, values in parse_qs(rest).items()}
    if not {"sr", "sig", "se", "skn"} <= set(given) or not given["se"].isdecimal():
        raise unauthorized("InvalidSignature: the token is malformed")
    key = keys.get(given["skn"])
    if key is None:
        raise unauthorized("InvalidSignature: the key name is unknown")
    expected = _sign(given["sr"], key, given["se"])
    if not hmac.compare_digest(expected.encode(), given["sig"].encode()):
        raise unauthorized("InvalidSignature: the signature does not match")
    if len(given["se"]) > 12 or int(given["se"]) * 1000 <= now_ms:
        raise unauthorized("ExpiredToken: the token has expired")
    return Claim(urlsplit(given["sr"]).path.strip("/").lower(), int(given["se"]) * 1000)


def _sign(path_uri: str, key: str, expires: str) -> str:
    text = f"{quote_plus(path_uri)}\n{expires}"
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
