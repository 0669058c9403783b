"""Application settings: the file that fills the environment, and the `%names%` that bindings use.

Knows nothing of bindings or of what a setting is for.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from local.host.failures import IndexFailed

NAME = re.compile(r"%([^%\s]+)%")


def fill_environment(file: Path) -> None:
    """Add the `Values` of a local.settings.json to the environment; what is there already wins.

    Raises IndexFailed when the file is missing, encrypted or holds something other than text.
    """
    for name, value in read_values(file).items():
        os.environ.setdefault(name, value)


def read_values(file: Path) -> dict[str, str]:
    """The `Values` of a local.settings.json, booleans and numbers written as Azure writes them."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexFailed(f"Settings file {file} cannot be read: {error}.") from error
    if not isinstance(document, dict) or not isinstance(document.get("Values", {}), dict):
        raise IndexFailed(f'Settings file {file} must be an object with an object "Values".')
    if document.get("IsEncrypted"):
        raise IndexFailed(f"Settings file {file} is encrypted; only plain values can be read.")
    return {name: _as_text(file, name, value) for name, value in document.get("Values", {}).items()}


def _as_text(file: Path, name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise IndexFailed(f"Setting {name} in {file} must be text, a number or a boolean.")


def expand(text: str, settings: Mapping[str, str]) -> str:
    """`text` with every `%name%` replaced. Raises KeyError(name) for the first unknown name."""
    return NAME.sub(lambda match: settings[match[1]], text)


def is_disabled(function: str, settings: Mapping[str, str]) -> bool:
    """Whether `AzureWebJobs.<function>.Disabled`, or its spelling with `__`, says so."""
    spellings = (f"AzureWebJobs.{function}.Disabled", f"AzureWebJobs__{function}__Disabled")
    return any(settings.get(name, "").strip().lower() in {"true", "1"} for name in spellings)
