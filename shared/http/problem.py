"""Refusals as RFC 9457 problem documents."""

import json
from http import HTTPStatus

import azure.functions as func

from shared import errors
from shared.telemetry import scope

STATUS: dict[type[errors.Refusal], HTTPStatus] = {
    errors.Malformed: HTTPStatus.BAD_REQUEST,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.Missing: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Gone: HTTPStatus.GONE,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedMedia: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.VersionRequired: HTTPStatus.PRECONDITION_REQUIRED,
    errors.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
MEDIA_TYPE = "application/problem+json"


def status_of(refusal: errors.Refusal) -> HTTPStatus:
    """By family: a subclass of Conflict is a 409 whatever its code says."""
    known = (status for kind, status in STATUS.items() if isinstance(refusal, kind))
    return next(known, HTTPStatus.BAD_REQUEST)


def of_refusal(refusal: errors.Refusal) -> func.HttpResponse:
    """`Retry-After` and `WWW-Authenticate` follow from what the refusal says of itself."""
    headers: dict[str, str] = {}
    more = dict(refusal.more)
    if retry_after_s := more.pop("retry_after_s", None):
        headers["Retry-After"] = str(retry_after_s)
    if isinstance(refusal, errors.Unauthenticated):
        headers["WWW-Authenticate"] = _challenge(refusal)
    return problem(status_of(refusal), refusal.code, str(refusal), headers, **more)


def _challenge(refusal: errors.Unauthenticated) -> str:
    """RFC 6750; where a login is too old, RFC 9470."""
    max_age_s = refusal.more.get("max_age_s")
    if max_age_s is None:
        return "Bearer"
    wanted = refusal.more.get("acr_values")
    level = f', acr_values="{wanted}"' if wanted else ""
    return f'Bearer error="insufficient_user_authentication", max_age="{max_age_s}"{level}'


def problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    headers: dict[str, str] | None = None,
    **more: object,
) -> func.HttpResponse:
    """`type` is for programs, `title` for people, `detail` for this one case."""
    document = {
        "type": f"/problems/{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "correlation_id": scope.current().correlation_id,
        **more,
    }
    return func.HttpResponse(
        json.dumps(document, ensure_ascii=False),
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        mimetype=MEDIA_TYPE,
    )
