"""Shared access signatures, made as a client makes them."""

import base64
import hashlib
import hmac
from urllib.parse import quote_plus

from tests.contract.servicebus.moving import KEY, KEY_NAME

NOW_S = 1_800_000_000


def sign(uri: str, *, key: str = KEY, name: str = KEY_NAME, expires_s: int = NOW_S + 60) -> str:
    """As Microsoft documents it: HMAC-SHA256 over the encoded address and the expiry."""
    address = quote_plus(uri)
    digest = hmac.new(key.encode(), f"{address}\n{expires_s}".encode(), hashlib.sha256).digest()
    signature = quote_plus(base64.b64encode(digest))
    return f"SharedAccessSignature sr={address}&sig={signature}&se={expires_s}&skn={name}"
