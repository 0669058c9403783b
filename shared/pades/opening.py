"""Opens a PDF that strangers made: bounded in pages, objects and recursion, with typed refusals."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from shared.pades.errors import NotAPdf, PageNotFound, PdfDamaged, PdfEncrypted, PdfTooComplex
from shared.pades.geometry import PageShape, Rectangle, Rotation
from shared.pades.objects import entry, items_in, resolve

MAX_PAGES = 2000
MAX_NODES = 2 * MAX_PAGES + 100
MAX_OBJECTS = 1_000_000
MAX_DEPTH = 60
LETTER = Rectangle(0, 0, 612, 792)
INHERITED = ("/MediaBox", "/CropBox", "/Rotate")

# pypdf tells of every oddity that it mends; what matters to us comes as a refusal instead.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Page:
    """A leaf of the page tree, untouched, with what it inherits kept beside it."""

    reference: IndirectObject
    dictionary: DictionaryObject
    shape: PageShape


def open_pdf(pdf: bytes) -> PdfReader:
    """Raises NotAPdf, PdfEncrypted or PdfTooComplex."""
    if not pdf.startswith(b"%PDF-"):
        raise NotAPdf("The file does not begin as a PDF does.")
    try:
        reader = PdfReader(BytesIO(pdf))
        encrypted = reader.is_encrypted
        size = highest_object(reader)
        if not encrypted:
            reader.root_object  # noqa: B018 - the property finds and keeps the catalogue, or raises
    except (LimitReachedError, RecursionError, MemoryError) as error:
        raise PdfTooComplex("The PDF asks for more than we grant.") from error
    except Exception as error:
        raise NotAPdf("The PDF cannot be read.") from error
    if encrypted:
        raise PdfEncrypted("The PDF is encrypted.")
    if size > min(MAX_OBJECTS, max(1000, len(pdf))):
        raise PdfTooComplex("The PDF claims more objects than it can hold.")
    return reader


def highest_object(reader: PdfReader) -> int:
    """The highest object number in use or claimed by /Size: new objects come after it."""
    return max(_claimed(reader), _used(reader))


def _claimed(reader: PdfReader) -> int:
    size = resolve(reader.trailer.get("/Size"))
    return int(size) - 1 if isinstance(size, int) else 0


def _used(reader: PdfReader) -> int:
    numbers = [max(table) for table in reader.xref.values() if table]
    highest: int = max([0, *numbers, *reader.xref_objStm])
    return highest


def require_appendable(pdf: bytes, reader: PdfReader) -> None:
    """Raises PdfDamaged where the cross-reference is wrong: a revision would build on a lie."""
    at = reader._startxref  # noqa: SLF001 - the only place where the reader keeps it
    head = pdf[at : at + 24].lstrip()
    table = head.startswith(b"xref")
    stream = b" obj" in head and head[:1].isdigit()
    understated = _used(reader) > _claimed(reader)
    if at <= 0 or not (table or stream) or understated:
        raise PdfDamaged("The PDF's cross-reference is broken.")


def pages_of(reader: PdfReader) -> list[Page]:
    """Every page in order. Raises NotAPdf or PdfTooComplex."""
    try:
        return list(_leaves(reader))
    except (NotAPdf, PdfTooComplex):
        raise
    except (LimitReachedError, RecursionError, MemoryError) as error:
        raise PdfTooComplex("The PDF asks for more than we grant.") from error
    except Exception as error:
        raise NotAPdf("The PDF's pages cannot be read.") from error


def page_at(pages: list[Page], number: int) -> Page:
    """The page of that number, counted from 1. Raises PageNotFound."""
    if not 1 <= number <= len(pages):
        raise PageNotFound(f"There is no page {number} among {len(pages)}.")
    return pages[number - 1]


def rectangle_of(widget: IndirectObject, page: Page) -> Rectangle | None:
    """Where the widget shows on `page`; None where it is invisible. Raises PageNotFound."""
    annotation = widget.get_object()
    if not isinstance(annotation, DictionaryObject):
        return None
    home = annotation.get("/P")
    if isinstance(home, IndirectObject) and home.idnum != page.reference.idnum:
        raise PageNotFound("The field stands on another page.")
    return _box(entry(annotation, "/Rect"))


def _leaves(reader: PdfReader) -> Iterator[Page]:
    todo: list[tuple[object, int, dict[str, object]]] = [
        (reader.root_object.raw_get("/Pages"), 0, {})
    ]
    seen: set[int] = set()
    while todo:
        reference, depth, above = todo.pop()
        if len(seen) > MAX_NODES or depth > MAX_DEPTH:
            raise PdfTooComplex("The PDF has too many pages.")
        if not isinstance(reference, IndirectObject) or reference.idnum in seen:
            raise NotAPdf("The PDF's page tree is broken.")
        seen.add(reference.idnum)
        node = reference.get_object()
        if not isinstance(node, DictionaryObject):
            continue
        known = above | {key: entry(node, key) for key in INHERITED if key in node}
        if "/Kids" in node:
            kids = items_in(node, "/Kids")
            todo += [(kid, depth + 1, known) for kid in reversed(kids)]
        else:
            yield Page(reference, node, _shape(node, known))


def _shape(node: DictionaryObject, known: dict[str, object]) -> PageShape:
    media = _box(known.get("/MediaBox")) or LETTER
    crop = _box(known.get("/CropBox")) or media
    visible = Rectangle(
        max(crop.x1, media.x1),
        max(crop.y1, media.y1),
        min(crop.x2, media.x2),
        min(crop.y2, media.y2),
    )
    if visible.width <= 0 or visible.height <= 0:
        visible = media
    turned = known.get("/Rotate")
    degrees = int(turned) % 360 if isinstance(turned, int | float) else 0
    rotations: dict[int, Rotation] = {90: 90, 180: 180, 270: 270}
    unit = entry(node, "/UserUnit")
    scale = float(unit) if isinstance(unit, int | float) and 0 < unit < 1000 else 1.0
    return PageShape(visible, rotations.get(degrees, 0), scale)


def _box(value: object) -> Rectangle | None:
    if not isinstance(value, ArrayObject) or len(value) != 4:
        return None
    try:
        xa, ya, xb, yb = (float(str(resolve(number))) for number in value)
    except ValueError:
        return None
    box = Rectangle(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
    return box if box.width > 0 and box.height > 0 else None
