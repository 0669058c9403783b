"""Documents themselves: created, listed, read, changed, removed."""

from http import HTTPStatus

from functions.documents.api.blueprint import bp
from functions.documents.domain.refusals import MediaTypeMismatch
from functions.documents.models import (
    ChangeDocument,
    CreateDocument,
    DocumentFilter,
    DocumentView,
    OpenedView,
    UploadView,
)
from functions.documents.service.documents import Opened
from functions.documents.wiring import documents, records
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply, shown
from shared.http.endpoint import endpoint
from shared.http.paging import Page, page
from shared.records.audit import AuditTrail


@bp.function_name("documents_create")
@bp.route("v1/documents", methods=["POST"])
@endpoint(
    needs="documents:write",
    takes=CreateDocument,
    gives=OpenedView,
    status=HTTPStatus.CREATED,
    refuses=[MediaTypeMismatch],
)
async def create(call: Call[CreateDocument]) -> Reply:
    """Create a document, and learn where to upload its first version.

    Send the bytes to `upload.url` within 15 minutes, then complete the version."""
    return opened(await documents().create(call.caller, call.body))


@bp.function_name("documents_list")
@bp.route("v1/documents", methods=["GET"])
@endpoint(needs="documents:read", asks=DocumentFilter, gives=Page[DocumentView])
async def list_documents(call: Call[None, DocumentFilter]) -> Page[DocumentView]:
    """List documents, newest first."""
    asks = call.asks
    return await page(
        asks,
        DocumentView,
        lambda after, limit: records().listed(
            call.tenant_id, asks.name, asks.media_type, after, limit
        ),
    )


@bp.function_name("documents_read")
@bp.route("v1/documents/{document_id}", methods=["GET"])
@endpoint(needs="documents:read", gives=DocumentView, refuses=[Missing])
async def read(call: Call) -> Reply:
    """Read one document and its versions, without content."""
    return shown(await documents().find(call.tenant_id, call.route["document_id"]), DocumentView)


@bp.function_name("documents_change")
@bp.route("v1/documents/{document_id}", methods=["PATCH"])
@endpoint(
    needs="documents:write",
    takes=ChangeDocument,
    gives=DocumentView,
    changes=True,
    refuses=[Missing, Stale, MediaTypeMismatch],
)
async def change(call: Call[ChangeDocument]) -> Reply:
    """Change a document's name or tags."""
    document_id = call.route["document_id"]
    changed = await documents().change(call.caller, document_id, call.body, call.if_match)
    return shown(changed, DocumentView)


@bp.function_name("documents_remove")
@bp.route("v1/documents/{document_id}", methods=["DELETE"])
@endpoint(needs="documents:write", changes=True, refuses=[Missing, Stale])
async def remove(call: Call) -> None:
    """Remove a document. Its content and its audit trail are kept."""
    await documents().remove(call.caller, call.route["document_id"], call.if_match)


@bp.function_name("documents_read_audit")
@bp.route("v1/documents/{document_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_audit(call: Call) -> AuditTrail:
    """Read who changed a document, removed ones too, and whether the trail is unbroken."""
    return await records().trail(call.tenant_id, call.route["document_id"])


def opened(done: Opened) -> Reply:
    """The document, and where the bytes of its newest version go."""
    document = done.stored.document
    view = OpenedView(
        document=DocumentView.model_validate(document),
        version=done.version.number,
        upload=UploadView(
            url=done.url,
            headers={"x-ms-blob-type": "BlockBlob", "Content-Type": done.version.media_type},
            expires_at=done.expires_at,
        ),
    )
    return Reply(view, etag=done.stored.etag)
