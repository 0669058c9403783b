"""What the app's code compiles to, kept beside the host's data, wherever the app lies.

Python takes kept bytecode for fresh when the source has the same second and the same size. A change
can be quicker than that, so what changed is thrown away by whoever noticed it.
"""

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path


def keep_in(data_dir: Path) -> None:
    """From now on this process and its forks keep bytecode there."""
    sys.pycache_prefix = str(data_dir / "bytecode")
    sys.dont_write_bytecode = False


def forget(sources: Iterable[str]) -> None:
    """Throw away what these compiled to; to be called before a fork loads them again."""
    for source in sources:
        if source.endswith(".py"):
            Path(importlib.util.cache_from_source(source)).unlink(missing_ok=True)
