"""Files with keys in them: written whole or not at all, and readable by their owner alone."""

import json
import os
import threading
from pathlib import Path


def write_private(file: Path, document: object) -> None:
    """As JSON, whoever reads or writes it meanwhile."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}.new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(document, stream, indent=2)
        stream.write("\n")
    partial.replace(file)
