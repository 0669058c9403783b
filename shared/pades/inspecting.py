"""Looks at an uploaded PDF: how many pages, of which size, signed already or not.
Alters nothing.
"""

from dataclasses import dataclass

from shared.pades.geometry import PageShape


@dataclass(frozen=True)
class Inspection:
    """What a sender needs to place fields. `appendable` is false where only a rewrite helps."""

    pages: tuple[PageShape, ...]
    signatures: int
    appendable: bool
    locked: bool

    @property
    def page_count(self) -> int:
        return len(self.pages)


def inspect(pdf: bytes) -> Inspection:
    """Raises NotAPdf, PdfEncrypted or PdfTooComplex; nothing else, and soon."""
    from shared.pades.errors import PdfDamaged
    from shared.pades.fields import changes_forbidden, signed_fields
    from shared.pades.opening import open_pdf, pages_of, require_appendable

    reader = open_pdf(pdf)
    pages = pages_of(reader)
    try:
        require_appendable(pdf, reader)
        appendable = True
    except PdfDamaged:
        appendable = False
    return Inspection(
        tuple(page.shape for page in pages),
        signed_fields(reader),
        appendable,
        changes_forbidden(reader),
    )
