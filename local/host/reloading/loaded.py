"""What a process has imported: the app's own places, to be watched, and libraries, to be warmed."""

import importlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

HOST_PACKAGE = "local"
INSTALLED = "site-packages"


def app_places(app_dir: Path) -> list[Path]:
    """The folders and files right below `app_dir` that imported modules came from."""
    root = f"{app_dir}{os.sep}"
    found = dict[str, None]()
    for name, file in _modules():
        if file.startswith(root) and INSTALLED not in file and not _is_hosts(name):
            found[file.removeprefix(root).split(os.sep)[0]] = None
    return [app_dir / each for each in found]


def libraries(app_dir: Path) -> list[str]:
    """The modules that are not the app's own, in the order of their import."""
    own = tuple(str(place) for place in app_places(app_dir))
    return [name for name, file in _modules() if name != "__main__" and not file.startswith(own)]


def _modules() -> list[tuple[str, str]]:
    """Every module that came from a file."""
    files = [(name, getattr(module, "__file__", None)) for name, module in [*sys.modules.items()]]
    return [(name, file) for name, file in files if file is not None]


def _is_hosts(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] == HOST_PACKAGE


def warm(names: Iterable[str]) -> None:
    """Import libraries, so that a fork has them. What cannot be imported is left to the app."""
    for name in names:
        if name not in sys.modules:
            try:
                importlib.import_module(name)
            except Exception:  # noqa: BLE001, S112 - the app itself will say what is wrong
                continue
