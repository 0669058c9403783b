"""Whether a PDF can be signed at all, found out before anybody is asked to sign it.

A rehearsal with a throwaway authority does what the sealing will do, so that no envelope fails
after everybody has signed. Everything here blocks and runs in a worker thread.
"""

from datetime import datetime

from functions.esignature.domain.layout import FieldType, Layout, PageSize, SigningField
from functions.esignature.domain.refusals import (
    NotAPdf,
    PdfEncrypted,
    PdfNotSignable,
    SignerNotCertifiable,
)
from functions.esignature.domain.signer import Signer
from functions.esignature.service.paper import VALUE_SIZE_PT, area, certifiable_email, stamped
from shared.errors import Refusal
from shared.pades import errors
from shared.pades.appearance import Appearance
from shared.pades.content import Text
from shared.pades.inspecting import Inspection, inspect
from shared.pades.rendering import render
from shared.pades.signing import SignatureField, sign
from shared.pades.stamping import Stamp


def pages_of(pdf: bytes) -> tuple[PageSize, ...]:
    """The pages as displayed. Raises NotAPdf, PdfEncrypted or PdfNotSignable."""
    try:
        inspection = inspect(pdf)
    except errors.PadesError as error:
        raise _refusal(error) from error
    return tuple(
        PageSize(
            number=number, width_pt=round(shape.width_pt, 2), height_pt=round(shape.height_pt, 2)
        )
        for number, shape in enumerate(inspection.pages, start=1)
    )


def rehearse(pdf: bytes, layout: Layout, signers: tuple[Signer, ...], now: datetime) -> None:
    """Raises PdfNotSignable or SignerNotCertifiable."""
    _must_only_be_signed(inspect(pdf), layout)
    try:
        for page in sorted({1, len(layout.pages)}):
            render(pdf, page, width_px=200)  # who signs must see what
        _rehearse(pdf, layout, signers, now)
    except errors.PadesError as error:
        raise _refusal(error) from error


def _must_only_be_signed(inspection: Inspection, layout: Layout) -> None:
    """Stamps would break the signatures that it carries already."""
    drawn = [field for field in layout.fields if field.type is not FieldType.SIGNATURE]
    if inspection.signatures and drawn:
        raise PdfNotSignable(
            "The document is signed already: only signature fields can be added to it, since "
            "writing on it would break its signatures.",
            fields=[{"at": f"fields.{field.id}", "problem": "Not a signature"} for field in drawn],
        )


def _rehearse(pdf: bytes, layout: Layout, signers: tuple[Signer, ...], now: datetime) -> None:
    from shared.pades.certificates import KeyKind, issue, make_root

    root = make_root("Rehearsal", now=now, kind=KeyKind.EC_P256)
    for signer in signers:
        email = certifiable_email(signer)
        issue(root, name=signer.name, email=email, now=now, kind=KeyKind.EC_P256)
    identity = issue(root, name="Rehearsal", now=now, kind=KeyKind.EC_P256)
    places = [field for field in layout.fields if field.type is not FieldType.SIGNATURE]
    place = layout.of(signers[0].id, FieldType.SIGNATURE)[0]
    sign(
        stamped(pdf, [_trial(each) for each in places]),
        signer=identity,
        field=SignatureField("Rehearsal", place.page, area(place)),
        appearance=Appearance("Rehearsal"),
        reason="Rehearsal",
        signed_at=now,
        timestamper=None,
    )


def _trial(place: SigningField) -> Stamp:
    return Stamp(place.page, area(place), Text("x", VALUE_SIZE_PT))


def _refusal(error: errors.PadesError) -> Refusal:
    if isinstance(error, errors.NotAPdf):
        return NotAPdf("The document is not a PDF that can be opened.")
    if isinstance(error, errors.PdfEncrypted):
        return PdfEncrypted("The PDF is encrypted; send one without a password.")
    if isinstance(error, errors.CertificateRefused):
        return SignerNotCertifiable(str(error))
    return PdfNotSignable(str(error))
