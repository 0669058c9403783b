"""The built-in delivery note, as a transport company would print it."""

from io import BytesIO

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

GOODS = [
    ("1", "Pallet, mixed goods", "412 kg"),
    ("2", "Carton, spare parts", "36 kg"),
    ("3", "Drum, cleaning agent", "120 kg"),
]


def delivery_note(number: str, consignee: str, day: str) -> bytes:
    """One A4 page with room for two signatures at its foot."""
    buffer = BytesIO()
    page = Canvas(buffer, pagesize=A4)
    page.setTitle(f"Delivery note {number}")
    width, height = A4
    page.setFont("Helvetica-Bold", 22)
    page.drawString(20 * mm, height - 30 * mm, "Delivery note")
    page.setFont("Helvetica", 11)
    page.setFillColor(colors.HexColor("#555555"))
    page.drawString(20 * mm, height - 38 * mm, f"{number}  ·  {day}")
    page.setFillColor(colors.black)
    _pair(page, 20 * mm, height - 58 * mm, "Consignee", consignee)
    _pair(page, 110 * mm, height - 58 * mm, "Carrier", "Harbour Transport")
    _table(page, 20 * mm, height - 90 * mm, width - 40 * mm)
    for x, title in ((20 * mm, "Received by"), (115 * mm, "Delivered by")):
        page.setStrokeColor(colors.HexColor("#999999"))
        page.line(x, 38 * mm, x + 75 * mm, 38 * mm)
        page.setFont("Helvetica", 9)
        page.drawString(x, 33 * mm, title)
    page.showPage()
    page.save()
    return buffer.getvalue()


def _pair(page: Canvas, x: float, y: float, title: str, text: str) -> None:
    page.setFont("Helvetica", 9)
    page.drawString(x, y, title)
    page.setFont("Helvetica-Bold", 12)
    page.drawString(x, y - 6 * mm, text)


def _table(page: Canvas, x: float, y: float, width: float) -> None:
    page.setFont("Helvetica-Bold", 10)
    for offset, title in ((0, "No."), (15 * mm, "Goods"), (width - 25 * mm, "Weight")):
        page.drawString(x + offset, y, title)
    page.setFont("Helvetica", 10)
    for line, (number, goods, weight) in enumerate(GOODS, start=1):
        below = y - line * 8 * mm
        page.line(x, below + 5.5 * mm, x + width, below + 5.5 * mm)
        for offset, text in ((0, number), (15 * mm, goods), (width - 25 * mm, weight)):
            page.drawString(x + offset, below, text)
