"""Signing over HTTP, without a login: whoever has the link is the signer."""

from functions.esignature.api.attachment import attachment
from functions.esignature.api.blueprint import bp
from functions.esignature.api.origin import origin_of
from functions.esignature.domain.refusals import (
    AlreadySigned,
    ConsentMissing,
    ConsentOutdated,
    ContentAltered,
    LinkExpired,
    LinkUnknown,
    LinkUsed,
    NotYourTurn,
    PageNotFound,
    RequiredFieldsMissing,
    SignatureNotUsable,
    ValuesDoNotFit,
)
from functions.esignature.models.signing import Decline, GiveConsent, PageQuery, Sign, SigningView
from functions.esignature.service.showing import width_drawn
from functions.esignature.wiring import esignature
from shared.errors import Unavailable
from shared.http.call import Call, Reply
from shared.http.declaration import PUBLIC, Content
from shared.http.endpoint import endpoint

LINK = (LinkUnknown, LinkExpired, LinkUsed)
SIGN_BYTES = 1_500_000  # two drawings in base64, and the values


@bp.function_name("esignature_read_signing")
@bp.route("v1/signing/{token}", methods=["GET"])
@endpoint(needs=PUBLIC, gives=SigningView, refuses=LINK)
async def read_signing(call: Call) -> SigningView:
    """Read what is to be signed.

    The first reading is noted down. Those who have signed or declined may go on reading."""
    return await esignature().signing.look(call.route["token"], origin_of(call.headers))


@bp.function_name("esignature_read_signing_page")
@bp.route("v1/signing/{token}/pages/{number}", methods=["GET"])
@endpoint(
    needs=PUBLIC,
    asks=PageQuery,
    gives=Content("image/png", "The page."),
    refuses=[*LINK, PageNotFound, ContentAltered, Unavailable],
)
async def read_signing_page(call: Call[None, PageQuery]) -> Reply:
    """Read a page of the document as a picture.

    It shows what those who signed before have written."""
    signing, number = esignature().signing, call.route["number"]
    width_px = width_drawn(call.asks.width)
    envelope, version = await signing.version(call.route["token"])
    etag = f'"{version}-{number}-{width_px}"'
    if call.headers.get("if-none-match") == etag:
        return Reply(etag=etag)  # answered as 304, without drawing the page
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    png = await signing.picture(envelope, page, width_px)
    return Reply(content=png, media_type="image/png", etag=etag)


@bp.function_name("esignature_consent")
@bp.route("v1/signing/{token}/consent", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=GiveConsent,
    gives=SigningView,
    refuses=[*LINK, AlreadySigned, NotYourTurn, ConsentOutdated],
)
async def consent(call: Call[GiveConsent]) -> SigningView:
    """Agree to sign electronically.

    Safe to repeat: the first time counts."""
    return await esignature().signing.consent(
        call.route["token"], call.body, origin_of(call.headers)
    )


@bp.function_name("esignature_sign")
@bp.route("v1/signing/{token}/sign", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=Sign,
    gives=SigningView,
    max_bytes=SIGN_BYTES,
    refuses=[
        *LINK,
        AlreadySigned,
        NotYourTurn,
        ConsentMissing,
        RequiredFieldsMissing,
        ValuesDoNotFit,
        SignatureNotUsable,
    ],
)
async def sign(call: Call[Sign]) -> SigningView:
    """Sign.

    Needs the consent first. A signature counts once: the same request sent again after it
    succeeded is answered with 409 `already-signed`, which a client may take as success."""
    return await esignature().signing.sign(call.route["token"], call.body, origin_of(call.headers))


@bp.function_name("esignature_decline")
@bp.route("v1/signing/{token}/decline", methods=["POST"])
@endpoint(
    needs=PUBLIC,
    takes=Decline,
    gives=SigningView,
    refuses=[*LINK, AlreadySigned, NotYourTurn],
)
async def decline(call: Call[Decline]) -> SigningView:
    """Decline to sign, with a reason.

    The envelope ends for everybody."""
    return await esignature().signing.decline(
        call.route["token"], call.body.reason, origin_of(call.headers)
    )


@bp.function_name("esignature_download_signing_document")
@bp.route("v1/signing/{token}/document", methods=["GET"])
@endpoint(
    needs=PUBLIC,
    gives=Content(
        "application/pdf",
        "The document with what was filled in so far, or once it is complete the sealed one.",
    ),
    refuses=[*LINK, ContentAltered],
)
async def download_signing_document(call: Call) -> Reply:
    """Download the document."""
    signing = esignature().signing
    envelope, _ = await signing.version(call.route["token"])
    return attachment(await signing.paper(envelope), envelope.document_name)
