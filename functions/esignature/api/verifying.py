"""Verifying over HTTP: the signatures of any PDF, and the certificate that ours lead to."""

from functions.esignature.api.blueprint import bp
from functions.esignature.domain.refusals import NotAPdf
from functions.esignature.models.verification import VerificationView
from functions.esignature.wiring import esignature
from shared.http.call import Call, Reply
from shared.http.declaration import PUBLIC, Content, Raw
from shared.http.endpoint import endpoint

PEM = "application/pem-certificate-chain"  # RFC 8555, 9.1
LARGEST_PDF = 20 * 1024 * 1024


@bp.function_name("esignature_verify")
@bp.route("v1/signature-verifications", methods=["POST"])
@endpoint(
    needs="esignature:verify",
    takes=Raw("application/pdf", LARGEST_PDF),
    gives=VerificationView,
    repeatable=False,
    refuses=[NotAPdf],
)
async def verify(call: Call[bytes]) -> VerificationView:
    """Verify the signatures of a PDF.

    Nothing of it is kept. Broken and hostile files are judged invalid."""
    return await esignature().verification.verify(call.body)


@bp.function_name("esignature_read_certificate_authority")
@bp.route("v1/certificate-authority", methods=["GET"])
@endpoint(needs=PUBLIC, gives=Content(PEM, "The root certificate, as PEM."))
async def read_certificate_authority(_call: Call) -> Reply:
    """Read the certificate of the authority that certifies signers.

    With it anybody can verify sealed documents, without asking this platform."""
    pem = await esignature().sealing.authority_pem()
    return Reply(content=pem, media_type=PEM, headers={"Cache-Control": "public, max-age=86400"})
