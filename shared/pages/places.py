"""Where templates, static files and messages lie: here, and in `pages/` of each capability."""

from collections.abc import Iterator
from pathlib import Path

SHARED = Path(__file__).resolve().parent
CAPABILITIES = SHARED.parents[1] / "functions"
VENDOR = SHARED / "vendor"


def pages_of(capability: str) -> Path:
    return CAPABILITIES / capability / "pages"


def capabilities_with_pages() -> Iterator[str]:
    for folder in sorted(CAPABILITIES.glob("*/pages")):
        yield folder.parent.name
