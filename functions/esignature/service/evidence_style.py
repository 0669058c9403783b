"""How the evidence looks: one typeface in three greys, thin rules, room to breathe.

Imports reportlab, so it is itself imported only where a page is drawn.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Table, TableStyle

from shared.pades.typefaces import FONTS

FACE = "Evidence"
INK, GREY, RULE = HexColor("#1c2430"), HexColor("#667085"), HexColor("#d9dee7")
WIDTH_PT = 470.55  # A4 less 22 mm on either side
MARGIN_PT = 62.36
PADDING_PT = 6  # of reportlab's frames
HEADING_ROOM_PT = 110


class Style:
    """Makes the parts of a page. Texts are reportlab's little markup: escape what is not ours."""

    def __init__(self) -> None:
        pdfmetrics.registerFont(TTFont(FACE, FONTS / "DejaVuSans.ttf"))
        plain = ParagraphStyle("plain", fontName=FACE, fontSize=8.5, leading=12.5, textColor=INK)
        self._cell = ParagraphStyle(
            "cell", plain, fontSize=7.5, leading=10.5, splitLongWords=True, wordWrap="LTR"
        )
        self._label = ParagraphStyle("label", self._cell, textColor=GREY)
        self._plain = ParagraphStyle("body", plain, spaceAfter=4)
        self._small = ParagraphStyle(
            "small", plain, fontSize=7, leading=10, textColor=GREY, spaceBefore=4, spaceAfter=4
        )
        self._title = ParagraphStyle("title", plain, fontSize=19, leading=25, spaceAfter=6)
        self._lead = ParagraphStyle("lead", plain, fontSize=9.5, leading=14.5, spaceAfter=12)
        self._heading = ParagraphStyle(
            "heading",
            plain,
            fontSize=11.5,
            leading=15,
            spaceBefore=16,
            spaceAfter=6,
        )

    def title(self, text: str) -> Flowable:
        return Paragraph(text, self._title)

    def lead(self, text: str) -> Flowable:
        return Paragraph(text, self._lead)

    def heading(self, text: str) -> list[Flowable]:
        """On the next page where only the heading itself would fit on this one."""
        return [CondPageBreak(HEADING_ROOM_PT), Paragraph(text, self._heading)]

    def body(self, text: str) -> Flowable:
        return Paragraph(text, self._plain)

    def small(self, text: str) -> Flowable:
        return Paragraph(text, self._small)

    def facts(self, facts: Sequence[tuple[str, str]]) -> Flowable:
        """Names on the left, what is so on the right."""
        rows = [[Paragraph(name, self._label), Paragraph(what, self._cell)] for name, what in facts]
        table = Table(rows, colWidths=[WIDTH_PT * 0.2, WIDTH_PT * 0.8], hAlign="LEFT")
        table.setStyle(_rules())
        return table

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]
    ) -> Flowable:
        """`shares` of the width; the head is repeated on each page."""
        cells: list[list[Any]] = [[Paragraph(name, self._label) for name in head]]
        cells += [[Paragraph(text, self._cell) for text in row] for row in rows]
        widths = [WIDTH_PT * share for share in shares]
        table = Table(cells, colWidths=widths, repeatRows=1, hAlign="LEFT")
        table.setStyle(_rules())
        return table


def _rules() -> TableStyle:
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
        ]
    )


@cache
def style() -> Style:
    return Style()


def numbered_canvas(footer: str) -> type[Canvas]:
    """A canvas that writes `footer` and `page of pages` below each page, once all are known."""

    class Numbered(Canvas):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]  # the stubs lack it

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                self.setFont(FACE, 7)
                self.setFillColor(GREY)
                self.drawString(MARGIN_PT, 40, footer)
                self.drawRightString(MARGIN_PT + WIDTH_PT, 40, f"{number} of {len(self._pages)}")
                super().showPage()
            super().save()

    return Numbered
