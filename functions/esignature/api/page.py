"""The page behind a signing link. It knows no envelope: its script asks the API for that."""

from functions.esignature.api.blueprint import bp
from shared.http.call import Call, Reply
from shared.http.declaration import PUBLIC, Content
from shared.http.endpoint import endpoint
from shared.pages.rendering import HTML, PageAsked, page


@bp.function_name("esignature_open_signing_page")
@bp.route("sign/{token}", methods=["GET"])
@endpoint(needs=PUBLIC, asks=PageAsked, gives=Content(HTML, "The signing page."))
async def open_signing_page(call: Call[None, PageAsked]) -> Reply:
    """Open the signing page.

    The same page for every link, known or not, so that looking at a link in a chat does not count
    as opening it; what it shows comes from `v1/signing/{token}`."""
    return page("esignature", "sign.html", call.headers, call.asks.lang)
