"""The first administrator of a fresh local Azure, made through the app's own API."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

EMAIL = "admin@example.com"
TIMEOUT_S = 30


@dataclass(frozen=True)
class Administrator:
    """Shown once, when made."""

    email: str
    password: str


def first_administrator(base_url: str, master_key: str) -> Administrator | None:
    """None when there is one already. Raises urllib.error.HTTPError for any other refusal."""
    request = urllib.request.Request(
        f"{base_url}/api/v1/auth/first-administrator",
        data=json.dumps({"email": EMAIL}).encode(),
        headers={"Content-Type": "application/json", "x-functions-key": master_key},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            made = json.load(response)
    except urllib.error.HTTPError as error:
        if error.code == 409:
            return None
        raise
    return Administrator(made["email"], made["generated_password"])
