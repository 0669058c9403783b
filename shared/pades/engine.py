"""Loads endesive's PDF writer alone.
Its package also imports a verifier that we neither trust nor can load:

the verifier needs oscrypto, which fails on OpenSSL 3.0.10 and later (wbond/oscrypto issue 78).
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import endesive

NAME = "shared.pades.endesive_pdf_cms"


def load() -> ModuleType:
    """The module endesive/pdf/cms.py under a name of ours; `endesive.pdf` itself is not
    imported.
    """
    if NAME in sys.modules:
        return sys.modules[NAME]
    path = Path(endesive.__file__).parent / "pdf" / "cms.py"
    spec = importlib.util.spec_from_file_location(NAME, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"endesive has no {path.name}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return sys.modules.setdefault(NAME, module)
