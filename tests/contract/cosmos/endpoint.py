"""The service under test: our own, or the one that `CONTRACT_COSMOS` connects to."""

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

VARIABLE = "CONTRACT_COSMOS"
NEEDS_OURS = f"needs controls that only our own service has; {VARIABLE} names another"


@dataclass(frozen=True)
class Endpoint:
    """Where to ask, with which key, whether it is ours, and whether its certificate counts."""

    url: str
    key: str
    is_local: bool = True
    verify: bool = True

    def post(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.url}{path}",
            json.dumps(body).encode(),
            {"content-type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            answer: dict[str, Any] = json.loads(response.read())
            return answer


def connected_by(connection: str) -> Endpoint:
    """From `AccountEndpoint=...;AccountKey=...;[DisableServerCertificateValidation=True;]`."""
    parts = dict(part.partition("=")[::2] for part in connection.split(";") if part.strip())
    unchecked = parts.get("DisableServerCertificateValidation", "").lower() == "true"
    return Endpoint(
        parts["AccountEndpoint"], parts["AccountKey"], is_local=False, verify=not unchecked
    )
