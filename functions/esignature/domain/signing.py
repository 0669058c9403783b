"""What the holder of a signing link may see and do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest

from functions.esignature.domain.consent import TEXTS, VERSION, Consent
from functions.esignature.domain.envelope import Envelope, EnvelopeStatus
from functions.esignature.domain.layout import FieldType, SigningField
from functions.esignature.domain.link import SigningLink
from functions.esignature.domain.occurrence import Origin, What
from functions.esignature.domain.refusals import (
    AlreadySigned,
    ConsentMissing,
    ConsentOutdated,
    LinkExpired,
    LinkUnknown,
    LinkUsed,
    NotYourTurn,
    RequiredFieldsMissing,
    ValuesDoNotFit,
)
from functions.esignature.domain.signer import Mark, Signer, SignerStatus

READABLE_FOR = timedelta(days=30)
"""How long after the envelope's time those who are done with it may still read it."""


@dataclass(frozen=True)
class SignatureGiven:
    """What somebody put into their fields."""

    signature: Mark
    initials: Mark | None
    values: Mapping[str, str]


def holder(envelope: Envelope, link: SigningLink, at: datetime) -> Signer:
    """Whose link it is, if it may still be read.

    Raises LinkUnknown, LinkUsed or LinkExpired. Those who have signed or declined go on reading
    for a while, so that a reload shows how things stand.
    """
    if envelope.dead_links.get(link.fingerprint) == link.signer_id:
        raise LinkUsed("A newer link was sent to you; this one works no more.")
    if not compare_digest(envelope.links.get(link.signer_id, ""), link.fingerprint):
        raise LinkUnknown("This is not a signing link. Open it exactly as it was sent to you.")
    signer = envelope.signer(link.signer_id)
    status = envelope.status_at(at)
    if signer.done:
        if envelope.expires_at is None or at >= envelope.expires_at + READABLE_FOR:
            raise LinkExpired("This link has expired.")
    elif status is EnvelopeStatus.EXPIRED:
        raise LinkExpired("The time to sign this is over.", expired_at=_iso(envelope.expires_at))
    elif status is not EnvelopeStatus.SENT:
        raise LinkUsed(f"The envelope was {status}.", envelope_status=status)
    return signer


def standing(envelope: Envelope, signer: Signer, at: datetime) -> str:
    """How things stand for this signer, in one word."""
    status = envelope.status_at(at)
    if status not in (EnvelopeStatus.SENT, EnvelopeStatus.SEALING):
        return str(status)
    if signer.done:
        return str(signer.status)
    return "ready" if signer.due else "waiting"


def viewed(envelope: Envelope, signer: Signer, at: datetime, origin: Origin) -> Envelope:
    """Marked on the first reading; unchanged afterwards, and for those who still wait."""
    if signer.status is not SignerStatus.NOTIFIED:
        return envelope
    now = signer.model_copy(update={"status": SignerStatus.VIEWED, "viewed_at": at})
    return envelope.with_signer(now, What.VIEWED, at, origin)


def consented(
    envelope: Envelope, signer: Signer, version: str, at: datetime, origin: Origin
) -> Envelope:
    """Unchanged when repeated. Raises AlreadySigned, LinkUsed, NotYourTurn, ConsentOutdated."""
    _must_be_due(signer)
    if version != VERSION:
        raise ConsentOutdated(
            "The text has changed; read it again.", version=VERSION, text=TEXTS[VERSION]
        )
    if signer.consent is not None and signer.consent.version == version:
        return envelope
    consent = Consent(version=version, accepted_at=at)
    now = signer.model_copy(update={"consent": consent})
    return envelope.with_signer(now, What.CONSENTED, at, origin, version)


def must_be_ready_to_sign(signer: Signer) -> Consent:
    """What was agreed to. Raises AlreadySigned, LinkUsed, NotYourTurn or ConsentMissing."""
    _must_be_due(signer)
    if signer.consent is None:
        raise ConsentMissing("Agree to signing electronically first.")
    return signer.consent


def signed(
    envelope: Envelope, signer: Signer, given: SignatureGiven, at: datetime, origin: Origin
) -> Envelope:
    """With this signature; `sealing` if it was the last one.

    Raises AlreadySigned, LinkUsed, NotYourTurn, ConsentMissing, ValuesDoNotFit,
    RequiredFieldsMissing.
    """
    consent = must_be_ready_to_sign(signer)
    values = _filled(envelope.layout.of(signer.id), given, at)
    update = {
        "status": SignerStatus.SIGNED,
        "signed_at": at,
        "signature": given.signature,
        "initials": given.initials,
    }
    note = f"consent {consent.version}"
    now = envelope.with_signer(signer.model_copy(update=update), What.SIGNED, at, origin, note)
    now = now.becoming(now.latest, values={**envelope.values, **values})
    if all(each.status is SignerStatus.SIGNED for each in now.signers):
        sealing = {"status": EnvelopeStatus.SEALING, "seal_requested_at": at}
        return now.becoming(now.latest, **sealing)
    return now


def declined(
    envelope: Envelope, signer: Signer, reason: str, at: datetime, origin: Origin
) -> Envelope:
    """Ended for everybody. Raises AlreadySigned, LinkUsed, NotYourTurn."""
    _must_be_due(signer)
    update = {"status": SignerStatus.DECLINED, "declined_at": at}
    now = envelope.with_signer(signer.model_copy(update=update), What.DECLINED, at, origin, reason)
    return now.ended(EnvelopeStatus.DECLINED, now.latest)


def told_of_the_end(envelope: Envelope, but: str = "") -> list[Signer]:
    """Those who had been asked to sign, except for the one who ended it."""
    return [
        each
        for each in envelope.signers
        if each.id != but and each.status is not SignerStatus.WAITING
    ]


def _must_be_due(signer: Signer) -> None:
    if signer.status is SignerStatus.SIGNED:
        raise AlreadySigned("You have signed already. What you signed stays as it is.")
    if signer.status is SignerStatus.DECLINED:
        raise LinkUsed("You have declined to sign.")
    if not signer.due:
        raise NotYourTurn("Others sign first; you will be told when it is your turn.")


def _filled(
    fields: tuple[SigningField, ...], given: SignatureGiven, at: datetime
) -> dict[str, str]:
    """The values to write; a date that was left out is the day of signing (UTC)."""
    by_id = {field.id: field for field in fields}
    values = {name: text.strip() for name, text in given.values.items()}
    if problems := [
        {"at": f"values.{name}", "problem": problem}
        for name, text in values.items()
        if (problem := _problem_with(by_id.get(name), text))
    ]:
        raise ValuesDoNotFit("Some values do not fit.", fields=problems)
    for field in fields:
        if field.type is FieldType.DATE and not values.get(field.id):
            values[field.id] = at.date().isoformat()
    if missing := [field for field in fields if field.required and _empty(field, given, values)]:
        named = [
            {"at": f"values.{field.id}", "problem": f"{field.label or field.type} is required."}
            for field in missing
        ]
        raise RequiredFieldsMissing("Some required fields are empty.", fields=named)
    return {name: text for name, text in values.items() if text}


def _problem_with(field: SigningField | None, text: str) -> str | None:
    if field is None:
        return "You have no such field."
    if field.type not in (FieldType.TEXT, FieldType.DATE):
        return f"A field for {field.type} takes no text."
    if field.type is FieldType.DATE and text:
        return None if _is_a_date(text) else "A date is written as 2026-12-31."
    return None


def _is_a_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text  # ISO 8601 knows other notations too
    except ValueError:
        return False


def _empty(field: SigningField, given: SignatureGiven, values: Mapping[str, str]) -> bool:
    if field.type is FieldType.INITIALS:
        return given.initials is None
    return field.type is FieldType.TEXT and not values.get(field.id)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
