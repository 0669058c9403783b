"""Envelopes over HTTP: made, sent, withdrawn, listed by those with a login."""

from http import HTTPStatus

from functions.esignature.api.blueprint import bp
from functions.esignature.domain.refusals import (
    ContentAltered,
    DocumentNotFound,
    EnvelopeNotDraft,
    EnvelopeNotOpen,
    FieldsDoNotFit,
    NotAPdf,
    PdfEncrypted,
    PdfNotSignable,
    SignerNotCertifiable,
    SignerNotDue,
    SignerNotFound,
)
from functions.esignature.models.envelopes import EnvelopeFilter, EnvelopeView
from functions.esignature.models.sending import CreateEnvelope, ResendLink, VoidEnvelope
from functions.esignature.wiring import esignature
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply, shown
from shared.http.endpoint import endpoint
from shared.http.paging import Page, page
from shared.records.audit import AuditTrail


@bp.function_name("esignature_create_envelope")
@bp.route("v1/envelopes", methods=["POST"])
@endpoint(
    needs="esignature:write",
    takes=CreateEnvelope,
    gives=EnvelopeView,
    status=HTTPStatus.CREATED,
    refuses=[
        DocumentNotFound,
        NotAPdf,
        PdfEncrypted,
        PdfNotSignable,
        ContentAltered,
        FieldsDoNotFit,
        SignerNotCertifiable,
    ],
)
async def create_envelope(call: Call[CreateEnvelope]) -> Reply:
    """Create an envelope for a version of a document.

    It is a draft until it is sent, and keeps its own copy of the document. A rehearsal of the
    sealing finds out whether the PDF can be signed."""
    return shown(await esignature().sending.create(call.caller, call.body), EnvelopeView)


@bp.function_name("esignature_send_envelope")
@bp.route("v1/envelopes/{envelope_id}/send", methods=["POST"])
@endpoint(needs="esignature:write", gives=EnvelopeView, refuses=[Missing, Stale, EnvelopeNotDraft])
async def send_envelope(call: Call) -> Reply:
    """Send a draft.

    The signers of the lowest routing order get their links, the others when it is their turn.
    Nobody else ever sees a link, the sender neither."""
    sent = await esignature().sending.send(call.caller, call.route["envelope_id"], call.if_match)
    return shown(sent, EnvelopeView)


@bp.function_name("esignature_void_envelope")
@bp.route("v1/envelopes/{envelope_id}/void", methods=["POST"])
@endpoint(
    needs="esignature:write",
    takes=VoidEnvelope,
    gives=EnvelopeView,
    refuses=[Missing, Stale, EnvelopeNotOpen],
)
async def void_envelope(call: Call[VoidEnvelope]) -> Reply:
    """Withdraw an envelope.

    Its links are dead at once. Not possible once everybody has signed."""
    voided = await esignature().sending.void(
        call.caller, call.route["envelope_id"], call.body.reason, call.if_match
    )
    return shown(voided, EnvelopeView)


@bp.function_name("esignature_resend_link")
@bp.route("v1/envelopes/{envelope_id}/resend", methods=["POST"])
@endpoint(
    needs="esignature:write",
    takes=ResendLink,
    gives=EnvelopeView,
    refuses=[Missing, Stale, EnvelopeNotOpen, SignerNotFound, SignerNotDue],
)
async def resend_link(call: Call[ResendLink]) -> Reply:
    """Send a signer a new link.

    The old one is dead at once. Only for a signer whose turn it is."""
    resent = await esignature().sending.resend(
        call.caller, call.route["envelope_id"], call.body.signer_id, call.if_match
    )
    return shown(resent, EnvelopeView)


@bp.function_name("esignature_list_envelopes")
@bp.route("v1/envelopes", methods=["GET"])
@endpoint(needs="esignature:read", asks=EnvelopeFilter, gives=Page[EnvelopeView])
async def list_envelopes(call: Call[None, EnvelopeFilter]) -> Page[EnvelopeView]:
    """List envelopes, newest first.

    Without the permission `esignature:write`, those that the caller made or is a signer of; the
    others are not there for them, here and wherever an envelope is read."""
    return await page(
        call.asks,
        EnvelopeView,
        lambda after, limit: esignature().reading.listed(
            call.caller, call.asks.status, after, limit
        ),
    )


@bp.function_name("esignature_read_envelope")
@bp.route("v1/envelopes/{envelope_id}", methods=["GET"])
@endpoint(needs="esignature:read", gives=EnvelopeView, refuses=[Missing])
async def read_envelope(call: Call) -> Reply:
    """Read one envelope."""
    found = await esignature().reading.get(call.caller, call.route["envelope_id"])
    return shown(found, EnvelopeView)


@bp.function_name("esignature_read_envelope_audit")
@bp.route("v1/envelopes/{envelope_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_envelope_audit(call: Call) -> AuditTrail:
    """Read who changed an envelope, and whether the trail is unbroken."""
    return await esignature().reading.trail(call.caller, call.route["envelope_id"])
