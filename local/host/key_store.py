"""The keys of a host in a file: named host keys, and keys of single functions.

The master key and the default host key come from the settings; what is added here lasts.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from local.host.failures import IndexFailed
from local.host.keys import FUNCTION, MASTER, Keys

HOST = ""  # stands where a function's name would


def new_key() -> str:
    """As long as Azure's own, and safe in a URL."""
    return base64.urlsafe_b64encode(secrets.token_bytes(40)).decode().rstrip("=") + "=="


class KeyStore:
    """Holds the keys, and writes the file whenever one changes."""

    def __init__(
        self,
        file: Path,
        settings: Mapping[str, str],
        *,
        enforced: bool,
        named: dict[str, dict[str, str]],
    ) -> None:
        self._file = file
        self._settings = settings
        self._enforced = enforced
        self._named = named

    @property
    def keys(self) -> Keys:
        """The keys as they stand."""
        return Keys(
            self._settings.get(MASTER, ""),
            self._settings.get(FUNCTION, ""),
            self._enforced,
            dict(self._named.get(HOST, {})),
            {name: dict(keys) for name, keys in self._named.items() if name != HOST},
        )

    def of(self, function: str) -> dict[str, str]:
        """The named keys of a function, or of the host."""
        return dict(self._named.get(function.lower(), {}))

    def put(self, function: str, name: str, value: str) -> None:
        """Add or replace a key."""
        self._named.setdefault(function.lower(), {})[name.lower()] = value
        self._write()

    def remove(self, function: str, name: str) -> bool:
        """Whether there was such a key."""
        was_there = self._named.get(function.lower(), {}).pop(name.lower(), None) is not None
        if was_there:
            self._write()
        return was_there

    def _write(self) -> None:
        fresh = self._file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump({"keys": self._named}, stream, indent=2)
        os.replace(fresh, self._file)


def load(data_dir: Path, settings: Mapping[str, str], *, enforced: bool) -> KeyStore:
    """Raises IndexFailed for a file that cannot be read."""
    file = data_dir / "keys.json"
    try:
        found = json.loads(file.read_text(encoding="utf-8"))["keys"] if file.exists() else {}
        named = {str(name): _texts(keys) for name, keys in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexFailed(f"The keys in {file} cannot be read: {error!r}.") from error
    return KeyStore(file, settings, enforced=enforced, named=named)


def _texts(keys: Mapping[str, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in keys.items()}
