"""Draws text and pictures as small PDFs of their own, to be laid over a page or into a field."""

from collections.abc import Sequence
from io import BytesIO
from threading import Lock
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from shared.pades.content import Content, Picture, Text
from shared.pades.errors import PictureRefused
from shared.pades.geometry import Rectangle
from shared.pades.typefaces import runs, width

MAX_PICTURE_BYTES = 8_000_000
MAX_PICTURE_PIXELS = 24_000_000
LONGEST_SIDE_PX = 1600
LEADING = 1.2
SHRINK = 0.92
_reportlab = Lock()  # an embedded typeface keeps its subsets in shared tables while it draws

Sheet = tuple[float, float, Sequence[tuple[Rectangle, Content]]]


def sheets(pages: Sequence[Sheet]) -> bytes:
    """A PDF with one transparent page for each (width, height, what stands where), in points."""
    out = BytesIO()
    with _reportlab:
        canvas = Canvas(out, pageCompression=1, invariant=1)
        for sheet_width, sheet_height, contents in pages:
            canvas.setPageSize((sheet_width, sheet_height))
            for box, content in contents:
                _draw(canvas, box, content)
            canvas.showPage()
        canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, box: Rectangle, content: Content) -> None:
    if isinstance(content, Picture):
        _draw_picture(canvas, box, content)
    else:
        _draw_text(canvas, box, content)


def _draw_text(canvas: Canvas, box: Rectangle, content: Text) -> None:
    size, lines = fitted(content, box.width, box.height)
    block = len(lines) * size * LEADING
    baseline = box.y1 + (box.height + block) / 2 - size * 0.95
    for line in lines:
        start = box.x1 + ((box.width - width(line, size)) / 2 if content.align == "center" else 0)
        cursor = start
        for face, piece in runs(line):
            canvas.setFont(face, size)
            canvas.drawString(cursor, baseline, piece)
            cursor += width(piece, size)
        baseline -= size * LEADING


def fitted(content: Text, room_width: float, room_height: float) -> tuple[float, list[str]]:
    """The largest size up to the wanted one at which the wrapped lines fit, and those lines."""
    text = "".join(c if c.isprintable() or c == "\n" else " " for c in content.text)
    size = min(content.size_pt, room_height / LEADING)
    while True:
        lines = [line for part in text.split("\n") for line in _wrapped(part, size, room_width)]
        if len(lines) * size * LEADING <= room_height + 0.01 or size < 0.5:
            return size, lines
        size *= SHRINK


def _wrapped(text: str, size: float, room: float) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        candidate = f"{line} {word}" if line else word
        if width(candidate, size) <= room:
            line = candidate
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, size, room)
        lines += full
    return [*lines, line]


def _broken(word: str, size: float, room: float) -> list[str]:
    """A word in pieces that fit: long addresses and scripts without spaces break anywhere."""
    if width(word, size) <= room:
        return [word]
    pieces, piece, used = [], "", 0.0
    for character in word:
        step = width(character, size)
        if piece and used + step > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + character, used + step
    return [*pieces, piece]


def _draw_picture(canvas: Canvas, box: Rectangle, content: Picture) -> None:
    from reportlab.lib.utils import ImageReader

    image = _opened(content.image)
    scale = min(box.width / image.width, box.height / image.height)
    drawn_width, drawn_height = image.width * scale, image.height * scale
    canvas.drawImage(
        ImageReader(image),
        box.x1 + (box.width - drawn_width) / 2,
        box.y1 + (box.height - drawn_height) / 2,
        drawn_width,
        drawn_height,
        mask="auto",
    )


def _opened(data: bytes) -> Any:
    from PIL import Image

    if len(data) > MAX_PICTURE_BYTES:
        raise PictureRefused("The picture is too large.")
    try:
        image = Image.open(BytesIO(data), formats=("PNG", "JPEG"))
        small = image.width * image.height <= MAX_PICTURE_PIXELS  # known before it is unpacked
        coloured = image.convert("RGBA") if small else None
    except Exception as error:
        raise PictureRefused("The picture is neither PNG nor JPEG.") from error
    if coloured is None:
        raise PictureRefused("The picture has too many pixels.")
    coloured.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    return coloured
