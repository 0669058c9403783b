"""Signs a PDF: one appended PAdES revision, one key operation, one timestamp.
Keeps and sends nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from shared.pades.appearance import Appearance
from shared.pades.errors import (
    AlreadySigned,
    DocumentLocked,
    FieldNameTaken,
    PadesError,
    PdfDamaged,
    RequestRefused,
    SignatureTooLarge,
)
from shared.pades.geometry import Area
from shared.pades.identity import SigningIdentity
from shared.pades.levels import Level
from shared.pades.timestamping import Timestamper

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import IndirectObject

    from shared.pades.opening import Page
    from shared.pades.revision import Placeholder
    from shared.pades.signature_field import Wish

RESERVED_BYTES = (
    16_384  # certificates and a token with its chain; fixed, so that nothing is signed twice
)
LONGEST_FIELD_NAME = 120


@dataclass(frozen=True)
class SignatureField:
    """A new field. Its name is the key of repeats: no two signatures of a document share it."""

    name: str
    page: int = 1
    area: Area | None = None

    def __post_init__(self) -> None:
        if not self.name or "." in self.name or len(self.name) > LONGEST_FIELD_NAME:
            raise RequestRefused("A field needs a short name without dots.")


@dataclass(frozen=True)
class SignedPdf:
    """The input with one revision appended; its first bytes are the input, unchanged."""

    pdf: bytes
    level: Level


def sign(  # noqa: PLR0913 - what a signature says is many things, each named by its caller
    pdf: bytes,
    *,
    signer: SigningIdentity,
    field: SignatureField,
    appearance: Appearance | None,
    reason: str,
    signed_at: datetime,
    timestamper: Timestamper | None,
    location: str | None = None,
    certify: bool = False,
    reserve: Sequence[SignatureField] = (),
) -> SignedPdf:
    """A field of that name that waits for its signature is filled, otherwise one is added.

    `certify` lets later revisions only fill fields, and sign those that `reserve` adds now.
    Blocks while it calls the timestamp authority, so run it in a worker thread.

    Raises TimestampUnavailable, FieldNameTaken (a repeat), AlreadySigned (certify comes first),
    DocumentLocked, SignatureTooLarge, PageNotFound, PlacementRefused, PictureRefused and what
    opening raises.
    """
    from shared.pades.opening import open_pdf, page_at, pages_of, require_appendable
    from shared.pades.signature_field import Reserved, Wish

    if signed_at.tzinfo is None:
        raise RequestRefused("The time of signing needs its time zone.")
    reader = open_pdf(pdf)
    require_appendable(pdf, reader)
    pages = pages_of(reader)
    page = page_at(pages, field.page)
    place, area = _place(reader, field, page, certify=certify)
    later = tuple(Reserved(each.name, page_at(pages, each.page), each.area) for each in reserve)
    _require_distinct(reader, field, reserve)
    at = signed_at.astimezone(UTC)
    wish = Wish(
        field.name,
        page,
        area,
        appearance,
        at,
        reason,
        location,
        certify,
        place=place,
        reserve=later,
    )
    signed = _sealed(pdf, reader, wish, signer, timestamper)
    return SignedPdf(signed, Level.B_B if timestamper is None else Level.B_T)


def _place(
    reader: "PdfReader", field: SignatureField, page: "Page", *, certify: bool
) -> "tuple[IndirectObject | None, Area | None]":
    """The waiting field of that name, if there is one, and where the signature will show."""
    from shared.pades.fields import (
        certified,
        changes_forbidden,
        field_names,
        open_signature_fields,
        signed_fields,
    )
    from shared.pades.opening import rectangle_of

    if changes_forbidden(reader):
        raise DocumentLocked("An earlier signature forbids every change.")
    if certify and (certified(reader) or signed_fields(reader)):
        raise AlreadySigned("Only the first signature can certify a document.")
    waiting = open_signature_fields(reader).get(field.name)
    if waiting is not None:
        return waiting, rectangle_of(waiting, page)
    if field.name in field_names(reader):
        raise FieldNameTaken(f"There is a field named {field.name} already.")
    if certified(reader) and field.area is not None:
        raise DocumentLocked("A certified document shows signatures in reserved fields only.")
    return None, field.area


def _require_distinct(
    reader: "PdfReader", field: SignatureField, reserve: Sequence[SignatureField]
) -> None:
    from shared.pades.fields import field_names, open_signature_fields

    names = [field.name, *(each.name for each in reserve)]
    taken = field_names(reader).intersection(names[1:])
    if taken or len(set(names)) < len(names):
        raise FieldNameTaken("Reserved fields need names of their own.")
    if reserve and field.name in open_signature_fields(reader):
        raise RequestRefused("Fields are reserved with the first signature of a new field.")


def _drafted(
    pdf: bytes, reader: "PdfReader", wish: "Wish"
) -> "tuple[memoryview, Placeholder, Placeholder]":
    """The revision to append, and in it the places of the byte range and of the signature."""
    from io import BytesIO

    from shared.pades.revision import Placeholder, Revision
    from shared.pades.signature_field import compose

    contents = Placeholder(b"<" + b"0" * (2 * RESERVED_BYTES) + b">")
    stream = BytesIO()
    try:
        revision = Revision(reader)
        compose(revision, wish, contents)
        revision._write(stream, reader, len(pdf))  # noqa: SLF001 - our own override
    except PadesError:
        raise
    except Exception as error:  # odd objects break the writer in ways nobody can list
        raise PdfDamaged("No revision can be appended to the PDF.") from error
    return stream.getbuffer(), revision.byte_range, contents


def _sealed(
    pdf: bytes,
    reader: "PdfReader",
    wish: "Wish",
    signer: SigningIdentity,
    timestamper: Timestamper | None,
) -> bytes:
    from shared.pades.cms_signature import CadesSigner, require_timestamp

    tail, place, contents = _drafted(pdf, reader, wish)
    gap = contents.start, contents.start + len(contents.text)
    parts = b"[0 %d %d %d" % (len(pdf) + gap[0], len(pdf) + gap[1], len(tail) - gap[1])
    tail[place.start : place.start + len(place.text)] = parts.ljust(len(place.text) - 1) + b"]"
    digest = sha256(pdf)
    digest.update(tail[: gap[0]])
    digest.update(tail[gap[1] :])
    signature = CadesSigner(digest.digest(), signer, timestamper).build()
    if timestamper is not None:
        require_timestamp(signature)
    if len(signature) > RESERVED_BYTES:
        raise SignatureTooLarge(f"The signature takes {len(signature)} bytes.")
    text = signature.hex().encode()
    tail[gap[0] + 1 : gap[0] + 1 + len(text)] = text
    return b"".join((pdf, tail))
