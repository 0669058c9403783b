"""The versions of a document: opened, completed, read."""

import base64
from http import HTTPStatus
from urllib.parse import quote

from functions.documents.api.blueprint import bp
from functions.documents.api.documents import opened
from functions.documents.domain.media_types import file_name
from functions.documents.domain.refusals import (
    ContentDamaged,
    ContentRefused,
    DigestMismatch,
    MediaTypeMismatch,
    NothingUploaded,
    TooLargeToAnswer,
    TooManyVersions,
    UploadAbandoned,
    VersionNotAccepted,
)
from functions.documents.models import (
    DocumentView,
    LinkView,
    OpenedView,
    OpenVersion,
    WhichVersion,
)
from functions.documents.wiring import accepting, documents
from shared.errors import Missing, Stale, TooLarge
from shared.files.blobs import BlobExists
from shared.http.call import Call, Reply, shown
from shared.http.declaration import Content
from shared.http.endpoint import endpoint

LONGEST_NUMBER = 4


@bp.function_name("documents_open_version")
@bp.route("v1/documents/{document_id}/versions", methods=["POST"])
@endpoint(
    needs="documents:write",
    takes=OpenVersion,
    gives=OpenedView,
    status=HTTPStatus.CREATED,
    refuses=[Missing, Stale, TooManyVersions],
)
async def open_version(call: Call[OpenVersion]) -> Reply:
    """Open the next version of a document, and learn where to upload it.

    It has the document's media type."""
    return opened(await documents().open_version(call.caller, call.route["document_id"], call.body))


@bp.function_name("documents_complete_version")
@bp.route("v1/documents/{document_id}/versions/{number}/complete", methods=["POST"])
@endpoint(
    needs="documents:write",
    gives=DocumentView,
    refuses=[
        Missing,
        Stale,
        NothingUploaded,
        UploadAbandoned,
        BlobExists,
        TooLarge,
        DigestMismatch,
        MediaTypeMismatch,
        ContentRefused,
    ],
)
async def complete_version(call: Call) -> Reply:
    """Have the uploaded bytes checked and accepted as this version.

    Size, SHA-256, and what the bytes really are must agree with what was announced. A version that
    was refused can be uploaded and completed again while its link lives."""
    document_id, number = call.route["document_id"], _number(call)
    return shown(await accepting().complete(call.caller, document_id, number), DocumentView)


@bp.function_name("documents_read_content")
@bp.route("v1/documents/{document_id}/content", methods=["GET"])
@endpoint(
    needs="documents:read",
    asks=WhichVersion,
    gives=Content("application/octet-stream", "The bytes, under their own media type."),
    refuses=[Missing, VersionNotAccepted, TooLargeToAnswer, ContentDamaged],
)
async def read_content(call: Call[None, WhichVersion]) -> Reply:
    """Read the content of a version, the latest by default.

    `Repr-Digest` (RFC 9530) holds its SHA-256, which was checked before."""
    document, version, content = await documents().read(
        call.tenant_id, call.route["document_id"], call.asks.version
    )
    digest = version.content.sha256
    name = quote(file_name(document.name, version.media_type), safe="")
    return Reply(
        content=content,
        media_type=version.media_type,
        etag=f'"{digest}"',
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(digest)).decode()}:",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


@bp.function_name("documents_link_version")
@bp.route("v1/documents/{document_id}/versions/{number}/link", methods=["POST"])
@endpoint(
    needs="documents:read",
    gives=LinkView,
    repeatable=False,
    refuses=[Missing, VersionNotAccepted],
)
async def link_version(call: Call) -> LinkView:
    """Get a link that reads this version without a login, for 5 minutes."""
    link = await documents().link(call.tenant_id, call.route["document_id"], _number(call))
    return LinkView(url=link.url, expires_at=link.expires_at, sha256=link.sha256)


def _number(call: Call) -> int:
    """Raises Missing for what is no version's number."""
    text = call.route["number"]
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise Missing(f"There is no version {text[:20]} of this document.")
    return int(text)
