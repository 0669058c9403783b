"""Draws a page as a PNG for people to look at before they sign.
One page at a time: PDFium has one thread.
"""

from io import BytesIO
from threading import Lock
from typing import Any

from shared.pades.errors import NotAPdf, PageNotFound, PdfEncrypted, PdfTooComplex

MAX_PIXELS = 16_000_000
MAX_WIDTH_PX = 4000
FPDF_ERR_PASSWORD = 4
_pdfium = Lock()  # PDFium keeps global state; two threads in it corrupt memory


def render(pdf: bytes, page: int, *, width_px: int = 1200) -> bytes:
    """Page `page` (from 1) with its annotations as PNG, `width_px` wide or less where it is very
    tall.

    Raises NotAPdf, PdfEncrypted, PageNotFound or PdfTooComplex.
    """
    import pypdfium2

    width_px = max(1, min(width_px, MAX_WIDTH_PX))
    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD:
                raise PdfEncrypted("The PDF is encrypted.") from error
            raise NotAPdf("The PDF cannot be read.") from error
        try:
            if not 1 <= page <= len(document):
                raise PageNotFound(f"There is no page {page} among {len(document)}.")
            return _png(document, page, width_px)
        except pypdfium2.PdfiumError as error:
            raise NotAPdf("The page cannot be drawn.") from error
        finally:
            document.close()


def _png(document: Any, number: int, width_px: int) -> bytes:
    document.init_forms()
    page = document[number - 1]
    width_pt, height_pt = page.get_size()
    if width_pt <= 0 or height_pt <= 0:
        raise PdfTooComplex("The page has no size.")
    scale = width_px / width_pt
    scale = min(scale, (MAX_PIXELS / (width_pt * height_pt)) ** 0.5)
    if min(width_pt, height_pt) * scale < 1:
        raise PdfTooComplex("The page is too narrow to draw.")
    bitmap = page.render(scale=scale, may_draw_forms=True)
    image = bitmap.to_pil()
    out = BytesIO()
    image.save(out, "PNG", compress_level=3)
    bitmap.close()
    page.close()
    return out.getvalue()
