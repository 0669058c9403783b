"""The account key: base64 text outside, bytes inside."""

import base64
import binascii


def decoded_key(key: str) -> bytes:
    """Raises ValueError where the key is empty or no base64."""
    try:
        secret = base64.b64decode(key, validate=True)
    except binascii.Error:
        raise ValueError("The account key is not base64.") from None
    if not secret:
        raise ValueError("The account key is empty.")
    return secret
