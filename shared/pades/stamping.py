"""Writes what signers filled in onto the pages, before the first signature; also mends files."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.pades.content import Content
from shared.pades.errors import AlreadySigned, NotAPdf, PdfTooComplex
from shared.pades.geometry import Area

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter

    from shared.pades.opening import Page


@dataclass(frozen=True)
class Stamp:
    """Something to be put on page `page` (from 1), upright for the reader."""

    page: int
    area: Area
    content: Content


def stamp(pdf: bytes, stamps: Sequence[Stamp]) -> bytes:
    """The PDF rewritten with `stamps` drawn over its pages; without stamps it is rewritten only.

    Raises AlreadySigned, PageNotFound, PlacementRefused, PictureRefused and what opening a PDF
    raises.
    """
    from shared.pades.fields import certified, signed_fields
    from shared.pades.opening import open_pdf, pages_of

    reader = open_pdf(pdf)
    if signed_fields(reader) or certified(reader):
        raise AlreadySigned("Drawing on a signed document would break its signatures.")
    pages = pages_of(reader)
    by_page: dict[int, list[Stamp]] = defaultdict(list)
    for each in stamps:
        by_page[each.page].append(each)
    return _rewritten(reader, pages, by_page)


def _rewritten(reader: "PdfReader", pages: "list[Page]", by_page: dict[int, list[Stamp]]) -> bytes:
    from io import BytesIO

    from pypdf import PdfWriter

    overlays = _overlays(pages, by_page)
    try:
        writer = PdfWriter(clone_from=reader)
        _merge(writer, pages, overlays)
        out = BytesIO()
        writer.write(out)
    except (MemoryError, RecursionError) as error:
        raise PdfTooComplex("The PDF asks for more than we grant.") from error
    except Exception as error:
        raise NotAPdf("The PDF cannot be rewritten.") from error
    return out.getvalue()


def _overlays(pages: "list[Page]", by_page: dict[int, list[Stamp]]) -> dict[int, bytes]:
    from shared.pades.drawing import sheets
    from shared.pades.opening import page_at

    drawn = {}
    for number, stamps in by_page.items():
        shape = page_at(pages, number).shape
        contents = [(shape.displayed(each.area), each.content) for each in stamps]
        drawn[number] = sheets([(shape.width, shape.height, contents)])
    return drawn


def _merge(writer: "PdfWriter", pages: "list[Page]", overlays: dict[int, bytes]) -> None:
    from io import BytesIO

    from pypdf import PdfReader, Transformation

    for number, overlay in overlays.items():
        sheet = PdfReader(BytesIO(overlay)).pages[0]
        turn = Transformation(pages[number - 1].shape.to_user_space())
        writer.pages[number - 1].merge_transformed_page(sheet, turn, over=True, expand=False)
