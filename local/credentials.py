"""The local Azure's keys: made on first use, kept beside its data, never anybody's default."""

import base64
import json
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from local.private_files import write_private
from local.refusals import CannotStart


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


class CredentialsUnusable(CannotStart):
    """The file of the keys is broken. Says how to begin with new ones."""


def credentials(data: Path) -> Credentials:
    """Those of this data folder. Only its owner may read the file. Raises CredentialsUnusable."""
    file = data / "credentials.json"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return _made(file)
    except (OSError, ValueError) as error:
        raise _unusable(file, str(error)) from error
    return _read(file, text)


def _read(file: Path, text: str) -> Credentials:
    try:
        kept = json.loads(text)
    except ValueError as error:
        raise _unusable(file, f"it is not JSON ({error})") from error
    known = {each.name for each in fields(Credentials)}
    if not isinstance(kept, dict) or not all(isinstance(kept.get(name), str) for name in known):
        missing = known if not isinstance(kept, dict) else known - set(kept)
        raise _unusable(file, f"keys are missing ({', '.join(sorted(missing)) or 'not text'})")
    return Credentials(**{name: kept[name] for name in known})


def _made(file: Path) -> Credentials:
    made = Credentials()
    write_private(file, asdict(made))
    return made


def _unusable(file: Path, why: str) -> CredentialsUnusable:
    return CredentialsUnusable(
        f"{file} cannot be used: {why}. Delete that file and start again: new keys are made, "
        "and the data stays."
    )
