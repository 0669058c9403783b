"""A delivery note that looks like one."""

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

GOODS = [
    ("1", "Pallet, euro, 1200 x 800 mm", "4", "84.0 kg"),
    ("2", "Coffee, whole beans, 1 kg", "240", "240.0 kg"),
    ("3", "Oat drink, 1 l, twelve to a box", "60", "760.5 kg"),
    ("4", "Paper cups, 0.3 l", "2 000", "22.4 kg"),
]
TERMS = (
    "The goods stay the property of the sender until they are paid for. Damage that can be seen",
    "is to be noted on this page; other damage is to be reported within seven days.",
)


def delivery_note() -> bytes:
    """Two pages of A4."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(54, 770, "Delivery note 2026-1147")
    canvas.setFont("Helvetica", 10)
    for line, text in enumerate(("Northgate Stores", "12 Harbour Road", "20457 Hamburg")):
        canvas.drawString(54, 735 - 14 * line, text)
    for row, goods in enumerate([("No.", "Goods", "Pieces", "Weight"), *GOODS]):
        for x, text in zip((54, 90, 380, 460), goods, strict=True):
            canvas.drawString(x, 660 - 22 * row, text)
        canvas.line(54, 653 - 22 * row, 540, 653 - 22 * row)
    canvas.drawString(54, 520, "Received in full and whole:")
    canvas.showPage()
    canvas.setFont("Helvetica-Bold", 13)
    canvas.drawString(54, 770, "Terms")
    canvas.setFont("Helvetica", 10)
    for line, term in enumerate(TERMS):
        canvas.drawString(54, 745 - 14 * line, term)
    canvas.save()
    return out.getvalue()
