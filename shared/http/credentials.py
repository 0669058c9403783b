"""What a request is signed in with."""

from collections.abc import Mapping

from shared.identity.service_accounts import KEY_BEGINS


def authorization(headers: Mapping[str, str]) -> str:
    """The Authorization header; without one, an API key in X-API-Key stands for it."""
    given, key = headers.get("authorization", ""), headers.get("x-api-key", "")
    return f"Bearer {key}" if not given and key.startswith(KEY_BEGINS) else given
