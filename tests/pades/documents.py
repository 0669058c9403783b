"""Makes the PDFs that the tests sign: every cross-reference flavour, rotated, cropped, hostile."""

import os
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, RectangleObject, StreamObject
from reportlab.pdfgen.canvas import Canvas

FLAVOURS = ("classic", "xref-stream", "linearized")


def plain(pages: int = 1, size: tuple[float, float] = (595, 842)) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    for number in range(1, pages + 1):
        canvas.drawString(20, 20, f"Page {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def blank(
    rotation: int,
    size: tuple[float, float] = (400, 600),
    crop: tuple[float, float, float, float] | None = None,
) -> bytes:
    """One empty page, so that every dark pixel is ours."""
    writer = PdfWriter()
    page = writer.add_blank_page(*size)
    page.rotate(rotation)
    if crop:
        page.cropbox = RectangleObject(crop)
    return written(writer)


def flavoured(flavour: str, pages: int = 2) -> bytes:
    """The same document with its cross-reference as qpdf writes it."""
    import subprocess
    import tempfile
    from pathlib import Path

    options = {
        "classic": ["--object-streams=disable"],
        "xref-stream": ["--object-streams=generate"],
        "linearized": ["--linearize"],
    }[flavour]
    with tempfile.TemporaryDirectory() as directory:
        source, target = Path(directory, "in.pdf"), Path(directory, "out.pdf")
        source.write_bytes(plain(pages))
        subprocess.run(["qpdf", *options, str(source), str(target)], check=True)
        return target.read_bytes()


def heavy(megabytes: int) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(plain())))
    blob = StreamObject()
    blob.set_data(os.urandom(megabytes * 1024 * 1024))
    writer.root_object[NameObject("/Blob")] = writer._add_object(blob)
    return written(writer)


def encrypted(user_password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(plain())))
    writer.encrypt(user_password, "owner", algorithm="AES-256")
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def raw(objects: list[bytes], size: int | None = None, trailer: bytes = b"") -> bytes:
    """A PDF of exactly these objects (numbered from 1, the first the catalogue) with a right
    table.
    """
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    claimed = size if size is not None else len(objects) + 1
    out += b"trailer\n<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        claimed,
        trailer,
        start,
    )
    return bytes(out)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>"
