"""What an envelope leaves behind, over HTTP: the sealed PDF and its evidence."""

from functions.esignature.api.attachment import attachment
from functions.esignature.api.blueprint import bp
from functions.esignature.domain.refusals import ContentAltered, EnvelopeNotSealed
from functions.esignature.models.evidence import EvidenceView
from functions.esignature.wiring import esignature
from shared.errors import Missing
from shared.http.call import Call, Reply
from shared.http.declaration import Content
from shared.http.endpoint import endpoint


@bp.function_name("esignature_read_evidence")
@bp.route("v1/envelopes/{envelope_id}/evidence", methods=["GET"])
@endpoint(needs="esignature:read", gives=EvidenceView, refuses=[Missing])
async def read_evidence(call: Call) -> EvidenceView:
    """Read everything that happened to an envelope.

    Each step with its time, actor, network address and browser, the hashes of the documents, and
    whether the audit chain is unbroken."""
    seen = await esignature().reading.get(call.caller, call.route["envelope_id"])
    return await esignature().sealing.evidence(seen.document)


@bp.function_name("esignature_download_evidence")
@bp.route("v1/envelopes/{envelope_id}/evidence.pdf", methods=["GET"])
@endpoint(
    needs="esignature:read",
    gives=Content("application/pdf", "The evidence, to print and to keep."),
    refuses=[Missing, ContentAltered],
)
async def download_evidence(call: Call) -> Reply:
    """Download the evidence as PDF.

    Of a completed envelope it is always the same file, made at the sealing."""
    seen = await esignature().reading.get(call.caller, call.route["envelope_id"])
    pdf = await esignature().sealing.evidence_pdf(seen.document)
    return attachment(pdf, f"Evidence {seen.document.document_name}")


@bp.function_name("esignature_download_sealed")
@bp.route("v1/envelopes/{envelope_id}/sealed", methods=["GET"])
@endpoint(
    needs="esignature:read",
    gives=Content("application/pdf", "The sealed PDF."),
    refuses=[Missing, EnvelopeNotSealed, ContentAltered],
)
async def download_sealed(call: Call) -> Reply:
    """Download the sealed PDF, with a signature of each signer."""
    seen = await esignature().reading.get(call.caller, call.route["envelope_id"])
    pdf = await esignature().sealing.sealed(seen.document)
    return attachment(pdf, seen.document.document_name)
