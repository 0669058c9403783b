"""The first administrator of a fresh local Azure, made through the app's own API."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException

EMAIL = "admin@example.com"
TIMEOUT_S = 30
ATTEMPTS = 20
AGAIN_AFTER_S = 0.25


class AdministratorMissing(RuntimeError):
    """None could be made, in a sentence."""


@dataclass(frozen=True)
class Administrator:
    """Shown once, when made."""

    email: str
    password: str


def first_administrator(
    base_url: str, master_key: str, wait: Callable[[float], None] = time.sleep
) -> Administrator | None:
    """None when there is one already. An app that is unavailable, or starts again, is asked again.

    Raises AdministratorMissing, OSError, and urllib.error.HTTPError for any other refusal.
    """
    for attempt in range(ATTEMPTS):
        try:
            return _made(base_url, master_key)
        except urllib.error.HTTPError as error:
            if error.code == 409 and attempt == 0:
                return None
            if error.code == 409:
                raise AdministratorMissing(
                    "there is one, and if it was made just now, the answer with its password was "
                    "lost. Then `python3 -m local clean` and `up` make another."
                ) from error
            if error.code != 503:
                raise
        except (OSError, HTTPException):
            if attempt == ATTEMPTS - 1:
                raise
        wait(AGAIN_AFTER_S)
    raise AdministratorMissing(f"the app was unavailable {ATTEMPTS} times.")


def _made(base_url: str, master_key: str) -> Administrator:
    request = urllib.request.Request(
        f"{base_url}/api/v1/auth/first-administrator",
        data=json.dumps({"email": EMAIL}).encode(),
        headers={"Content-Type": "application/json", "x-functions-key": master_key},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
        made = json.load(response)
    return Administrator(made["email"], made["generated_password"])
