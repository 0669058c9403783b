"""The form fields of a PDF as far as signatures care: their names, which are signed or open."""

from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from shared.pades.errors import NotAPdf, PdfTooComplex
from shared.pades.objects import dictionary_in, entry, items_in, resolve

MAX_FIELDS = 20_000


def field_names(reader: PdfReader) -> set[str]:
    """Full names, parts joined with dots. Fields without a name of their own are left out."""
    return {name for name, _, _ in _fields(reader) if name}


def open_signature_fields(reader: PdfReader) -> dict[str, IndirectObject]:
    """The signature fields that wait for their signature, by full name."""
    return {
        name: reference
        for name, field, reference in _fields(reader)
        if name
        and isinstance(reference, IndirectObject)
        and entry(field, "/FT") == "/Sig"
        and "/Rect" in field
        and "/V" not in field
    }


def signed_fields(reader: PdfReader) -> int:
    """How many signature fields hold a signature."""
    return sum(
        1
        for _, field, _ in _fields(reader)
        if entry(field, "/FT") == "/Sig" and dictionary_in(field, "/V") is not None
    )


def changes_forbidden(reader: PdfReader) -> bool:
    """Whether a certification of level P=1 forbids every later revision (ISO 32000-1, 12.8.2.2)."""
    signature = _certification(reader)
    if signature is None:
        return False
    for each in items_in(signature, "/Reference"):
        reference = resolve(each)
        if isinstance(reference, DictionaryObject):
            parameters = dictionary_in(reference, "/TransformParams")
            if parameters is not None and entry(parameters, "/P") == 1:
                return True
    return False


def certified(reader: PdfReader) -> bool:
    return _certification(reader) is not None


def _certification(reader: PdfReader) -> DictionaryObject | None:
    permissions = dictionary_in(reader.root_object, "/Perms")
    return dictionary_in(permissions, "/DocMDP") if permissions is not None else None


def _fields(reader: PdfReader) -> Iterator[tuple[str, DictionaryObject, object]]:
    try:
        yield from _walk(reader)
    except PdfTooComplex:
        raise
    except Exception as error:
        raise NotAPdf("The PDF's form cannot be read.") from error


def _walk(reader: PdfReader) -> Iterator[tuple[str, DictionaryObject, object]]:
    form = dictionary_in(reader.root_object, "/AcroForm")
    todo = [("", each) for each in items_in(form, "/Fields")] if form is not None else []
    visited = 0
    while todo:
        above, reference = todo.pop()
        visited += 1
        if visited > MAX_FIELDS:  # a cycle ends here too
            raise PdfTooComplex("The PDF has too many form fields.")
        field = resolve(reference)
        if not isinstance(field, DictionaryObject):
            continue
        own = str(entry(field, "/T") or "")
        name = ".".join(part for part in (above, own) if part)
        yield (name if own else ""), field, reference
        todo += [(name, kid) for kid in items_in(field, "/Kids")]
