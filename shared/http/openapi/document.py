"""An OpenAPI 3.1 document. Each sentence in it comes from the code that it speaks of."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from shared.errors import Invalid, Malformed, Refusal, TooLarge, UnsupportedMedia, VersionRequired
from shared.http.declaration import HOST_KEY, NO_PERMISSION, Content, Declaration, Raw
from shared.http.openapi.registered import Registered
from shared.http.problem import MEDIA_TYPE, status_of
from shared.model import Model

REF = "#/components/schemas/{model}"
Json = dict[str, Any]

PROBLEM: Json = {
    "title": "Problem",
    "description": "RFC 9457. `type` is /problems/<code>; codes are permanent.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "correlation_id"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "correlation_id": {"type": "string", "description": "Quote it when you ask for help."},
        "fields": {
            "type": "array",
            "description": "What is wrong, field by field.",
            "items": {
                "type": "object",
                "properties": {"at": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
}
SECURITY: Json = {
    "access_token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "api_key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The key of a service account; as a bearer token it does the same.",
    },
    "host_key": {"type": "apiKey", "in": "header", "name": "x-functions-key"},
}


def document(functions: Iterable[Registered], version: str) -> Json:
    """The whole API."""
    listed = list(functions)
    schemas = Schemas(listed)
    paths: dict[str, Json] = {}
    for function in listed:
        for method in function.methods:
            operations = paths.setdefault(function.template, {})
            operations[method.lower()] = _operation(function, method, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CollabAzure",
            "version": version,
            "description": "The backend of companies whose people work on the road.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/api"}],
        "tags": [{"name": tag} for tag in sorted({_tag(function) for function in listed})],
        "paths": paths,
        "components": {
            "schemas": {**schemas.components, "Problem": PROBLEM},
            "securitySchemes": SECURITY,
        },
    }


class Schemas:
    """The components, and where each model is among them."""

    def __init__(self, functions: Iterable[Registered]) -> None:
        wanted: list[tuple[type[Model], Any]] = []
        for function in functions:
            takes, gives = function.declaration.takes, function.declaration.gives
            if isinstance(takes, type):
                wanted.append((takes, "validation"))
            if isinstance(gives, type):
                wanted.append((gives, "serialization"))
        by_model, definitions = models_json_schema(wanted, ref_template=REF)
        self.components: Json = definitions.get("$defs", {})
        self._by_model = by_model

    def of(self, model: type[Model], mode: Any) -> Json:
        return self._by_model[(model, mode)]


def _tag(function: Registered) -> str:
    return function.name.split("_", 1)[0]


def _operation(function: Registered, method: str, schemas: Schemas) -> Json:
    declaration = function.declaration
    operation: Json = {
        "operationId": function.name,
        "tags": [_tag(function)],
        "summary": declaration.summary,
        "parameters": _parameters(function, method),
        "responses": _responses(declaration, schemas),
        "x-permission": declaration.needs,
    }
    if declaration.description:
        operation["description"] = declaration.description
    if declaration.takes is not None:
        operation["requestBody"] = _request_body(declaration.takes, schemas)
    if not declaration.public:
        operation["security"] = [{"access_token": []}, {"api_key": []}]
    elif declaration.needs == HOST_KEY:
        operation["security"] = [{"host_key": []}]
    return operation


def _parameters(function: Registered, method: str) -> list[Json]:
    declaration = function.declaration
    found: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in function.parameters
    ]
    if declaration.asks:
        found += _query(declaration.asks)
    if declaration.changes:
        found.append(
            _header("If-Match", "The ETag of the version that you changed.", required=True)
        )
    if method == "POST" and declaration.repeatable:
        found.append(
            _header("Idempotency-Key", "The same key and body again give the same answer.")
        )
    return found


def _query(model: type[Model]) -> list[Json]:
    schema = model.model_json_schema()
    required, definitions = schema.get("required", []), schema.get("$defs", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": _inlined({k: v for k, v in inner.items() if k != "description"}, definitions),
            **({"description": inner["description"]} if "description" in inner else {}),
        }
        for name, inner in schema.get("properties", {}).items()
    ]


def _inlined(node: Any, definitions: Json) -> Any:
    """Parameters stand alone: what they refer to is written where they refer to it."""
    if isinstance(node, list):
        return [_inlined(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(value, definitions) for key, value in node.items()}


def _header(name: str, description: str, *, required: bool = False) -> Json:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }


def _request_body(takes: type[Model] | Raw, schemas: Schemas) -> Json:
    if isinstance(takes, Raw):
        schema: Json = {"type": "string", "format": "binary"}
        content = {takes.media_type or "application/octet-stream": {"schema": schema}}
    else:
        content = {"application/json": {"schema": schemas.of(takes, "validation")}}
    required = isinstance(takes, Raw) or any(
        field.is_required() for field in takes.model_fields.values()
    )
    return {"required": required, "content": content}


def _responses(declaration: Declaration, schemas: Schemas) -> Json:
    responses: Json = {str(int(_success(declaration))): _given(declaration, schemas)}
    for refusal in _refusals(declaration):
        status = str(int(status_of(refusal("documented"))))
        codes = responses.setdefault(status, _problem())["x-problems"]
        if refusal.code not in codes:
            codes.append(refusal.code)
    for status, response in responses.items():
        if "x-problems" in response:
            phrase = HTTPStatus(int(status)).phrase
            response["description"] = f"{phrase}: {', '.join(response['x-problems'])}."
    return dict(sorted(responses.items())) | {"default": _problem_response("Any other problem.")}


def _refusals(declaration: Declaration) -> list[type[Refusal]]:
    from shared.errors import Forbidden, Unauthenticated
    from shared.identity.caller import StepUpRequired

    refusals = list(declaration.refuses)
    if not declaration.public:
        refusals.append(Unauthenticated)
    if declaration.recent:
        refusals.append(StepUpRequired)
    if declaration.needs not in NO_PERMISSION:
        refusals.append(Forbidden)
    if declaration.takes is not None:
        refusals += [TooLarge, UnsupportedMedia]
    if isinstance(declaration.takes, type):
        refusals += [Malformed, Invalid]
    if declaration.asks is not None:
        refusals.append(Invalid)
    if declaration.changes:
        refusals.append(VersionRequired)
    return refusals


def _success(declaration: Declaration) -> HTTPStatus:
    if declaration.gives is None and declaration.status is HTTPStatus.OK:
        return HTTPStatus.NO_CONTENT
    return declaration.status


def _given(declaration: Declaration, schemas: Schemas) -> Json:
    gives = declaration.gives
    if gives is None:
        return {"description": _success(declaration).phrase}
    if isinstance(gives, Content):
        schema: Json = {"type": "string", "format": "binary"}
        return {
            "description": gives.description,
            "content": {gives.media_type: {"schema": schema}},
        }
    return {
        "description": declaration.summary or declaration.status.phrase,
        "content": {"application/json": {"schema": schemas.of(gives, "serialization")}},
    }


def _problem() -> Json:
    return _problem_response("") | {"x-problems": []}


def _problem_response(description: str) -> Json:
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}},
    }
