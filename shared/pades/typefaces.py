"""The typefaces that we ship, so that names in most alphabets can be drawn and embedded."""

from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent / "fonts"
# In order of preference: the first that has a glyph for a character draws it.
NAMES = ("DejaVuSans",)


@cache
def _faces() -> tuple[tuple[str, frozenset[int]], ...]:
    faces = []
    for name in NAMES:
        font = TTFont(name, FONTS / f"{name}.ttf")
        pdfmetrics.registerFont(font)
        faces.append((name, frozenset(font.face.charToGlyph)))
    return tuple(faces)


def runs(text: str) -> list[tuple[str, str]]:
    """`text` cut into (typeface, piece), each piece drawable with its typeface as far as any
    can.
    """
    return [(name, "".join(piece)) for name, piece in groupby(text, key=_face_of)]


def width(text: str, size_pt: float) -> float:
    return sum(float(pdfmetrics.stringWidth(piece, face, size_pt)) for face, piece in runs(text))


def _face_of(character: str) -> str:
    for name, glyphs in _faces():
        if ord(character) in glyphs:
            return name
    return NAMES[0]
