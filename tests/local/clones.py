"""A clone of the repository that a test may break; what it does not break is only linked."""

import shutil
from pathlib import Path

from local.process import ROOT

LINKED = ("functions", "shared", "infra", "azurite", "docs")
COPIED = ("function_app.py", "host.json")


def clone(folder: Path) -> Path:
    folder.mkdir()
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    for name in COPIED:
        shutil.copyfile(ROOT / name, folder / name)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "local", folder / "local", ignore=ignored)
    return folder
