"""The work on the PDF itself: what was filled in, then one signature after the other.

Everything here blocks and runs in a worker thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from functions.esignature.domain.envelope import Envelope
from functions.esignature.domain.layout import FieldType, SigningField
from functions.esignature.domain.signer import Channel, Mark, Signer
from shared.pades.appearance import Appearance
from shared.pades.content import Content, Picture, Text
from shared.pades.errors import AlreadySigned
from shared.pades.geometry import Fractions
from shared.pades.inspecting import inspect
from shared.pades.signing import SignatureField, sign
from shared.pades.stamping import Stamp, stamp

if TYPE_CHECKING:
    from shared.pades.certificates import Authority
    from shared.pades.identity import SigningIdentity
    from shared.pades.timestamping import Timestamper

VALUE_SIZE_PT = 11.0
INITIALS_SIZE_PT = 72.0  # shrinks to its field
LONGEST_TITLE = 100


@dataclass(frozen=True)
class Work:
    """An envelope that everybody has signed, and the drawings by their SHA-256."""

    envelope: Envelope
    original: bytes
    drawings: Mapping[str, bytes] = field(default_factory=dict)


def sealed(
    work: Work, authority: "Authority", timestamper: "Timestamper | None", now: datetime
) -> bytes:
    """The PDF with all values, and a signature of each signer in the order in which they signed.

    Each signer gets a key of their own with a certificate of `authority`; the key is forgotten
    when this returns. Raises TimestampUnavailable, and then nothing was made.
    """
    pdf = stamped(work.original, _stamps(work))
    for signer in sorted(work.envelope.signers, key=lambda each: each.signed_at or now):
        identity = certified(authority, signer, now)
        look = _look(signer, work)
        places = work.envelope.layout.of(signer.id, FieldType.SIGNATURE)
        for number, place in enumerate(places, start=1):
            pdf = sign(
                pdf,
                signer=identity,
                field=SignatureField(f"{signer.id}_{number}", place.page, area(place)),
                appearance=look,
                reason=f"Signed electronically: {work.envelope.title[:LONGEST_TITLE]}",
                signed_at=signer.signed_at or now,
                timestamper=timestamper,
            ).pdf
    return pdf


def stamped(pdf: bytes, stamps: Sequence[Stamp]) -> bytes:
    """Untouched where nothing is to be drawn and the file is sound; else rewritten."""
    if not stamps and inspect(pdf).appendable:
        return pdf
    return stamp(pdf, stamps)


def written_so_far(work: Work) -> bytes:
    """The PDF with what was filled in by those who have signed, as the sealing will write it.

    Untouched as long as nothing was, and where the document carries signatures.
    """
    stamps = _stamps(work)
    try:
        return stamp(work.original, stamps) if stamps else work.original
    except AlreadySigned:
        return work.original


def certified(authority: "Authority", signer: Signer, now: datetime) -> "SigningIdentity":
    """A fresh key, and a certificate with the signer's name. Raises CertificateRefused."""
    from shared.pades.certificates import KeyKind, issue

    return issue(
        authority,
        name=signer.name,
        now=now,
        email=certifiable_email(signer),
        kind=KeyKind.RSA_2048,
    )


def certifiable_email(signer: Signer) -> str | None:
    """The address that the link went to: no other one was ever shown to be the signer's.

    RFC 5280 has no place for one whose local part is not ASCII; it is left out.
    """
    email = signer.email if signer.channel is Channel.EMAIL else None
    return email if email and email.rpartition("@")[0].isascii() else None


def area(place: SigningField) -> Fractions:
    """The field's rectangle, kept inside the page where rounding would leave it."""
    return Fractions(
        place.x, place.y, min(place.width, 1 - place.x), min(place.height, 1 - place.y)
    )


def _stamps(work: Work) -> list[Stamp]:
    stamps = []
    for place in work.envelope.layout.fields:
        content = _content(place, work)
        if content is not None:
            stamps.append(Stamp(place.page, area(place), content))
    return stamps


def _content(place: SigningField, work: Work) -> Content | None:
    if place.type is FieldType.INITIALS:
        mark = work.envelope.signer(place.signer_id).initials
        return _drawn(mark, work.drawings) if mark else None
    value = work.envelope.values.get(place.id)
    return Text(value, VALUE_SIZE_PT) if value else None


def _drawn(mark: Mark, drawings: Mapping[str, bytes]) -> Content:
    if mark.sha256 is not None:
        return Picture(drawings[mark.sha256])
    return Text(mark.text or "", INITIALS_SIZE_PT, "center")


def _look(signer: Signer, work: Work) -> Appearance:
    mark = signer.signature
    if mark is None:
        raise ValueError(f"signer {signer.id} has given no signature")
    if mark.sha256 is not None:
        return Appearance(signer.name, work.drawings[mark.sha256])
    return Appearance(signer.name, typed=mark.text)
