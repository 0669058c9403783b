"""PDFs and GPX files as people have them."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from local.demo.note import delivery_note
from shared.pades.certificates import KeyKind, issue, make_root
from shared.pades.signing import SignatureField, sign

METRES_A_DEGREE = 111_195.0
HOME = (10.0, 50.0)
BEGAN = datetime(2024, 5, 4, 6, 0, tzinfo=UTC)
Point = tuple[float, float, datetime | None]


def at_metres(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude, so far from HOME."""
    longitude, latitude = HOME
    shrink = math.cos(math.radians(latitude))
    return longitude + east / METRES_A_DEGREE / shrink, latitude + north / METRES_A_DEGREE


def gpx(
    points: Iterable[Point],
    *,
    version: str = "1.1",
    kind: str = "trk",
    namespace: bool = True,
) -> str:
    """As a navigation device writes it; `kind` is trk or rte."""
    name = {"trk": "trkpt", "rte": "rtept", "wpt": "wpt"}[kind]
    lines = []
    for longitude, latitude, at in points:
        time = f"<time>{at.isoformat().replace('+00:00', 'Z')}</time>" if at else ""
        lines.append(f'<{name} lat="{latitude:.7f}" lon="{longitude:.7f}">{time}</{name}>')
    inner = "\n".join(lines)
    if kind != "wpt":
        inner = f"<trk><trkseg>{inner}</trkseg></trk>" if kind == "trk" else f"<rte>{inner}</rte>"
    xmlns = f' xmlns="http://www.topografix.com/GPX/{version.replace(".", "/")}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<gpx version="{version}" creator="test"{xmlns if namespace else ""}>{inner}</gpx>\n'
    )


def line(metres: float, count: int = 30, step_s: float | None = 30.0) -> list[Point]:
    """Eastwards; without times where `step_s` is None."""
    return [
        (
            *at_metres(metres * n / (count - 1), 0),
            BEGAN + timedelta(seconds=step_s * n) if step_s is not None else None,
        )
        for n in range(count)
    ]


def loop(radius_m: float, count: int, lasting: timedelta) -> list[Point]:
    """A round trip: its end is its start."""
    points: list[Point] = []
    for n in range(count):
        angle = 2 * math.pi * n / (count - 1)
        place = at_metres(radius_m * (math.cos(angle) - 1), radius_m * math.sin(angle))
        points.append((*place, BEGAN + lasting * n / (count - 1)))
    return points


def written(folder: Path, text: str, name: str = "way.gpx") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def modern_pdf(pages: int) -> bytes:
    """Landscape and turned pages, kept in object streams behind a cross-reference stream."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=landscape(A4))
    for number in range(1, pages + 1):
        canvas.drawString(72, 300, f"Page {number}")
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(buffer))
    for number, page in enumerate(writer.pages):
        page.rotate(90 * (number + 1) % 360)
    streamed = BytesIO()
    writer.write(streamed)
    return _with_streams(streamed.getvalue())


def _with_streams(pdf: bytes) -> bytes:
    """pyHanko writes what pypdf cannot: PDF 1.5 as office programs save it."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)), writer_kwargs={"stream_xrefs": True})
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # pyHanko leaves this one without types
    return out.getvalue()


def encrypted_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def signed_pdf() -> bytes:
    """By somebody else's program, before the demo saw it."""
    root = make_root("Somebody", now=BEGAN)
    signer = issue(root, name="Ana", now=BEGAN, kind=KeyKind.EC_P256)
    return sign(
        delivery_note("1", "Northgate", "2024-05-04"),
        signer=signer,
        field=SignatureField("S", 1, None),
        appearance=None,
        reason="I agree",
        signed_at=BEGAN,
        timestamper=None,
    ).pdf
