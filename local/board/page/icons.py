"""The page's icons as one drawing that all places on the page refer to."""

import re
from functools import cache
from pathlib import Path

ICONS = Path(__file__).parent / "icons"
SVG = re.compile(r"<svg[^>]*>(?P<shapes>.*)</svg>", re.DOTALL)


@cache
def sprite() -> str:
    """`<symbol>` elements, which `<use href="#i-inbox">` shows."""
    return "".join(_symbol(path) for path in sorted(ICONS.glob("*.svg")))


def _symbol(path: Path) -> str:
    found = SVG.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{path.name} is no drawing.")
    shapes = re.sub(r"\s+", " ", found["shapes"]).replace("> <", "><").strip()
    return f'<symbol id="i-{path.stem}" viewBox="0 0 24 24">{shapes}</symbol>'
