"""Puts a signature, its field and its picture into a revision, as ISO 32000-1, 12.7 has it."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from shared.pades.content import Content, Picture, Text
from shared.pades.drawing import sheets
from shared.pades.errors import DocumentRefused, NotAPdf
from shared.pades.geometry import PageShape, Rectangle
from shared.pades.objects import dictionary_in, entry, items_in, resolve
from shared.pades.opening import Page
from shared.pades.revision import Placeholder, Revision

if TYPE_CHECKING:
    from shared.pades.appearance import Appearance
    from shared.pades.geometry import Area

PRINT_AND_LOCKED = 132
SIGNATURES_EXIST = 1
APPEND_ONLY = 2
FORM_FILLING = 2
CAPTION_SHARE = 0.24


@dataclass(frozen=True)
class Reserved:
    """A field that later signers will fill. Certified documents let nobody add visible ones."""

    name: str
    page: Page
    area: "Area | None"


@dataclass(frozen=True)
class Wish:
    """Everything that a signature says, apart from the cryptography."""

    field_name: str
    page: Page
    area: "Area | None"
    appearance: "Appearance | None"
    signed_at: datetime
    reason: str
    location: str | None
    certify: bool
    place: IndirectObject | None = None
    reserve: tuple[Reserved, ...] = ()


def compose(revision: Revision, wish: Wish, contents: Placeholder) -> None:
    """Add signature, widget and form entries for `wish`; `contents` is where the CMS will stand."""
    signature, reference = revision._make_signature(  # noqa: SLF001 - a hook meant for extension
        Contents=contents, Type=NameObject("/Sig")
    )
    signature[NameObject("/M")] = TextStringObject(f"D:{wish.signed_at:%Y%m%d%H%M%S}+00'00'")
    signature[NameObject("/Reason")] = TextStringObject(wish.reason)
    if wish.location:
        signature[NameObject("/Location")] = TextStringObject(wish.location)
    if wish.appearance:
        signature[NameObject("/Name")] = TextStringObject(wish.appearance.name)
    catalog = DictionaryObject(revision.reader.root_object)
    changed = False
    if wish.place is not None:
        revision.change(wish.place, _filled(revision, wish, reference))
    else:
        changed = _add_fields(revision, wish, reference, catalog)
    if wish.certify:
        _certify(revision, catalog, signature, reference)
        changed = True
    if changed:
        root = revision.reader.trailer.raw_get("/Root")
        if not isinstance(root, IndirectObject):
            raise NotAPdf("The PDF's catalogue is no indirect object.")
        revision.change(root, catalog)


def _add_fields(
    revision: Revision, wish: Wish, signature: IndirectObject, catalog: DictionaryObject
) -> bool:
    """The field that is signed now and those for later; whether the catalogue had to change."""
    now = Reserved(wish.field_name, wish.page, wish.area)
    widgets = [_widget(revision, each) for each in (now, *wish.reserve)]
    by_page: dict[int, tuple[Page, list[IndirectObject]]] = {}
    for each, (widget, reference) in zip((now, *wish.reserve), widgets, strict=True):
        by_page.setdefault(each.page.reference.idnum, (each.page, []))[1].append(reference)
        if each is now:
            _sign_widget(revision, wish, widget, signature)
    for page, references in by_page.values():
        _add_to_page(revision, page, references)
    return _add_to_form(revision, catalog, [reference for _, reference in widgets])


def _widget(revision: Revision, field: Reserved) -> tuple[DictionaryObject, IndirectObject]:
    widget: DictionaryObject
    reference: IndirectObject
    widget, reference = revision._make_sig_annotation(  # noqa: SLF001 - a hook meant for extension
        F=NumberObject(PRINT_AND_LOCKED),
        T=TextStringObject(field.name),
        Pref=field.page.reference,
    )
    del widget["/V"]
    if field.area is not None:
        box = field.page.shape.rectangle(field.area)
        widget[NameObject("/Rect")] = _floats(box.x1, box.y1, box.x2, box.y2)
    return widget, reference


def _filled(revision: Revision, wish: Wish, signature: IndirectObject) -> DictionaryObject:
    """The waiting field, signed. Its rectangle stays: the first signature covers it."""
    known = resolve(wish.place)
    widget = DictionaryObject(known if isinstance(known, DictionaryObject) else {})
    _sign_widget(revision, wish, widget, signature)
    return widget


def _sign_widget(
    revision: Revision, wish: Wish, widget: DictionaryObject, signature: IndirectObject
) -> None:
    widget[NameObject("/V")] = signature
    if wish.area is not None and wish.appearance is not None:
        shape = wish.page.shape
        seen = shape.displayed(wish.area)
        form = _form(revision, shape, seen, _contents(wish, seen))
        widget[NameObject("/AP")] = DictionaryObject({NameObject("/N"): revision.add(form)})


def _contents(wish: Wish, seen: Rectangle) -> list[tuple[Rectangle, Content]]:
    look = wish.appearance
    if look is None:
        return []
    split = seen.height * CAPTION_SHARE
    above = Rectangle(0, split, seen.width, seen.height)
    below = Rectangle(0, 0, seen.width, split)
    written = Text(look.typed or look.name, above.height * 0.7, "center")
    ink = Picture(look.picture) if look.picture else written
    return [(above, ink), (below, Text(look.caption(wish.signed_at), 9, "center"))]


def _form(
    revision: Revision,
    shape: PageShape,
    seen: Rectangle,
    contents: list[tuple[Rectangle, Content]],
) -> StreamObject:
    """A form XObject that stands upright for the reader: its matrix undoes the page's rotation."""
    sheet = PdfReader(BytesIO(sheets([(seen.width, seen.height, contents)]))).pages[0]
    drawn = sheet.get_contents()
    form = StreamObject()
    form.set_data(drawn.get_data() if drawn is not None else b"")
    form = form.flate_encode()
    resources = dictionary_in(sheet, "/Resources")
    a, b, c, d, _, _ = shape.to_user_space()
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): _floats(0, 0, seen.width, seen.height),
            NameObject("/Matrix"): _floats(a, b, c, d, 0, 0),
        }
    )
    if resources is not None:
        form[NameObject("/Resources")] = resources.clone(revision)
    return form


def _add_to_page(revision: Revision, page: Page, widgets: list[IndirectObject]) -> None:
    changed = DictionaryObject(page.dictionary)
    annotations = ArrayObject([*items_in(changed, "/Annots"), *widgets])
    changed[NameObject("/Annots")] = annotations
    revision.change(page.reference, changed)


def _add_to_form(
    revision: Revision, catalog: DictionaryObject, widgets: list[IndirectObject]
) -> bool:
    """Whether the catalogue itself had to change."""
    known = dictionary_in(catalog, "/AcroForm")
    form = DictionaryObject(known if known is not None else {})
    form[NameObject("/Fields")] = ArrayObject([*items_in(form, "/Fields"), *widgets])
    flags = entry(form, "/SigFlags")
    old = int(flags) if isinstance(flags, NumberObject) else 0
    form[NameObject("/SigFlags")] = NumberObject(old | SIGNATURES_EXIST | APPEND_ONLY)
    place = catalog.get("/AcroForm")
    if known is not None and isinstance(place, IndirectObject):
        revision.change(place, form)
        return False
    catalog[NameObject("/AcroForm")] = revision.add(form)
    return True


def _certify(
    revision: Revision,
    catalog: DictionaryObject,
    signature: DictionaryObject,
    reference: IndirectObject,
) -> None:
    """DocMDP with P=2: later signatures and form filling stay allowed, everything else does not."""
    if "/Perms" in catalog:
        raise DocumentRefused("The document carries permissions of its own.")
    parameters = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/TransformParams"),
            NameObject("/P"): NumberObject(FORM_FILLING),
            NameObject("/V"): NameObject("/1.2"),
        }
    )
    transform = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/SigRef"),
            NameObject("/TransformMethod"): NameObject("/DocMDP"),
            NameObject("/DigestMethod"): NameObject("/SHA256"),
            NameObject("/TransformParams"): parameters,
        }
    )
    signature[NameObject("/Reference")] = ArrayObject([transform])
    catalog[NameObject("/Perms")] = revision.add(
        DictionaryObject({NameObject("/DocMDP"): reference})
    )


def _floats(*values: float) -> ArrayObject:
    return ArrayObject([FloatObject(round(value, 4)) for value in values])
