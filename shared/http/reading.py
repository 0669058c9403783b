"""From bytes to what an endpoint takes; whatever is wrong with them is named."""

from typing import Any

import azure.functions as func
from pydantic import ValidationError

from shared.errors import Invalid, Malformed, TooLarge, UnsupportedMedia, VersionRequired
from shared.http.declaration import Declaration, Raw
from shared.model import Model


def parsed_body(declaration: Declaration, req: func.HttpRequest) -> Any:
    """The model, the bytes, or None. Raises TooLarge, UnsupportedMedia, Malformed or Invalid."""
    takes = declaration.takes
    if takes is None:
        return None
    body = req.get_body()
    if len(body) > declaration.max_bytes:
        raise TooLarge(
            f"The body has {len(body)} bytes; at most {declaration.max_bytes} are taken.",
            max_bytes=declaration.max_bytes,
        )
    media_type = req.headers.get("content-type", "").partition(";")[0].strip().lower()
    if isinstance(takes, Raw):
        _must_be(takes.media_type, media_type)
        return body
    if body:
        _must_be("application/json", media_type)
    return _validated(takes, body or b"{}")  # where everything may be left out, so may the body


def parsed_query(declaration: Declaration, req: func.HttpRequest) -> Any:
    """The query's model, or None where nothing is asked; then any parameter is refused."""
    given = {name: value for name, value in req.params.items() if name != "code"}  # the host's key
    if declaration.asks is None:
        if given:
            raise _unknown_parameters(given)
        return None
    try:
        return declaration.asks.model_validate(given)
    except ValidationError as error:
        raise _invalid(error, "The query is not valid.") from error


def required_if_match(declaration: Declaration, req: func.HttpRequest) -> str | None:
    """The version that the caller changed. Raises VersionRequired where one is needed."""
    if_match: str | None = req.headers.get("if-match")
    if declaration.changes and not if_match:
        raise VersionRequired("Send If-Match with the ETag of the version you changed.")
    return if_match


def _must_be(wanted: str | None, given: str) -> None:
    if wanted is not None and given != wanted:
        raise UnsupportedMedia(f"Send {wanted} (Content-Type says {given or 'nothing'}).")


def _validated(kind: type[Model], body: bytes) -> Model:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        if any(each["type"] == "json_invalid" for each in error.errors(include_url=False)):
            raise Malformed("The body is not valid JSON.") from error
        raise _invalid(error, "The body is not valid.") from error


def _invalid(error: ValidationError, detail: str) -> Invalid:
    fields = [
        {"at": ".".join(str(part) for part in each["loc"]), "problem": each["msg"]}
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return Invalid(detail, fields=fields)


def _unknown_parameters(given: dict[str, str]) -> Invalid:
    fields = [{"at": name, "problem": "Unknown parameter"} for name in sorted(given)]
    return Invalid("The query is not valid.", fields=fields)
