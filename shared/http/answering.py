"""From what a handler answers to bytes, with its version."""

from http import HTTPStatus

import azure.functions as func

from shared.http.call import Reply
from shared.http.declaration import Declaration
from shared.model import Model


def answer(
    declaration: Declaration, given: Model | Reply | None, req: func.HttpRequest
) -> func.HttpResponse:
    """304 when the caller has this version already; 204 when there is nothing to show."""
    reply = given if isinstance(given, Reply) else Reply(given)
    headers = {"Cache-Control": "no-store" if reply.etag is None else "private, no-cache"}
    headers.update(reply.headers)
    if reply.etag is not None:
        headers["ETag"] = reply.etag
        if req.method == "GET" and _known(req, reply.etag):
            return func.HttpResponse(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if reply.view is None and reply.content is None:
        status = reply.status or _or_no_content(declaration.status)
        return func.HttpResponse(status_code=status, headers=headers)
    body = reply.content if reply.view is None else reply.view.model_dump_json().encode()
    return func.HttpResponse(
        body,
        status_code=reply.status or declaration.status,
        headers=headers,
        mimetype=reply.media_type,
        charset="utf-8",
    )


def _known(req: func.HttpRequest, etag: str) -> bool:
    given = req.headers.get("if-none-match", "")
    return given == "*" or etag in [tag.strip().removeprefix("W/") for tag in given.split(",")]


def _or_no_content(status: HTTPStatus) -> HTTPStatus:
    return HTTPStatus.NO_CONTENT if status is HTTPStatus.OK else status
