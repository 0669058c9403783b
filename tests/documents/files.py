"""Files as people have them, made by the libraries that make them, and files that pretend."""

import io
import zipfile
from email.message import EmailMessage

from PIL import Image
from pypdf import PdfWriter

OOXML = "application/vnd.openxmlformats-officedocument"
MAIN_PARTS = {
    "docx": "wordprocessingml.document",
    "xlsx": "spreadsheetml.sheet",
    "pptx": "presentationml.presentation",
}


def pdf(pages: int = 1, password: str = "", title: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(612, 792)
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    return _written(writer)


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, kind)
    return out.getvalue()


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def office(kind: str, **more: bytes) -> bytes:
    types = f'<Types><Override ContentType="{OOXML}.{MAIN_PARTS[kind]}.main+xml"/></Types>'
    return archive(**{"[Content_Types].xml": types.encode(), **more})


def macros() -> bytes:
    types = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"'
    return archive(**{"[Content_Types].xml": types})


def email() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "ann@example.com", "Gruß"
    message.set_content("Guten Tag")
    return bytes(message)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
