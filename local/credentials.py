"""The local Azure's keys: made on first use, kept beside its data, never anybody's default."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path


def _key(length: int = 64) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode()


@dataclass(frozen=True)
class Credentials:
    """Account keys are base64, as in Azure."""

    storage_account: str = "collablocal"
    storage_key: str = field(default_factory=_key)
    cosmos_key: str = field(default_factory=_key)
    service_bus_key: str = field(default_factory=lambda: _key(32))
    communication_key: str = field(default_factory=_key)
    livekit_key: str = field(default_factory=lambda: "API" + secrets.token_hex(6))
    livekit_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    master_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    function_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))


def credentials(data: Path) -> Credentials:
    """Those of this data folder. Only its owner may read the file."""
    file = data / "credentials.json"
    if file.exists():
        return Credentials(**json.loads(file.read_text(encoding="utf-8")))
    made = Credentials()
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(asdict(made), stream, indent=2)
    return made
