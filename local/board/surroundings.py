"""What the board is told of the local Azure around it: addresses, credentials, folders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson


class SurroundingsUnusable(ValueError):
    """The file that should tell is missing or is not what it should be. Carries one sentence."""


@dataclass(frozen=True)
class Surroundings:
    """`urls` by part; `settings` are the app's, with connection strings and keys."""

    urls: Mapping[str, str]
    settings: Mapping[str, str] = field(repr=False)
    master_key: str = field(repr=False)
    logs: Path
    state: Path | None = None

    def url(self, part: str) -> str:
        """Without a slash at its end; empty when there is no such part."""
        return self.urls.get(part, "").rstrip("/")


def read(file: Path) -> Surroundings:
    """Raises SurroundingsUnusable."""
    try:
        found = orjson.loads(file.read_bytes())
    except OSError as error:
        raise SurroundingsUnusable(f"{file} cannot be read: {error.strerror}.") from error
    except orjson.JSONDecodeError as error:
        raise SurroundingsUnusable(f"{file} is not JSON: {error}.") from error
    if not isinstance(found, dict) or not isinstance(found.get("logs"), str):
        raise SurroundingsUnusable(f"{file} does not name the folder `logs`.")
    state = found.get("state")
    return Surroundings(
        urls=_texts(found.get("urls"), "urls", file),
        settings=_texts(found.get("settings"), "settings", file),
        master_key=str(found.get("master_key") or ""),
        logs=Path(found["logs"]),
        state=Path(state) if isinstance(state, str) and state else None,
    )


def _texts(found: Any, name: str, file: Path) -> dict[str, str]:
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise SurroundingsUnusable(f"`{name}` in {file} is not an object.")
    return {str(key): str(value) for key, value in found.items() if value is not None}
