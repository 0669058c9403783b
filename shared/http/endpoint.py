"""The one guard in front of every HTTP function: who asks, what they sent, what they are told."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

import azure.functions as func
from pydantic import ValidationError

from shared.errors import Refusal, Unavailable
from shared.http import idempotency, problem, quotas
from shared.http.answering import answer
from shared.http.call import Call, Reply
from shared.http.credentials import authorization
from shared.http.declaration import (
    HOST_KEY,
    JSON_LIMIT,
    NO_PERMISSION,
    PUBLIC,
    Content,
    Declaration,
    Raw,
)
from shared.http.limits import Quota
from shared.http.reading import parsed_body, parsed_query, required_if_match
from shared.http.resource import resource_of
from shared.identity.caller import Caller
from shared.identity.verifying import verifier
from shared.model import Model
from shared.platform import clock
from shared.platform.outages import retry_after_s
from shared.platform.settings import settings
from shared.telemetry import scope
from shared.telemetry.logs import fail, say, warn
from shared.telemetry.scope import Actor

Answer = Model | Reply | None
Handler = Callable[[Call[Any, Any]], Awaitable[Answer]]
HttpFunction = Callable[[func.HttpRequest], Awaitable[func.HttpResponse]]


def endpoint(  # noqa: PLR0913 - each is one word of the endpoint's declaration
    *,
    needs: str,
    takes: type[Model] | Raw | None = None,
    asks: type[Model] | None = None,
    gives: type[Model] | Content | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    changes: bool = False,
    repeatable: bool = True,
    recent: bool = False,
    weak: bool = False,
    quota: Quota | None = None,
    refuses: Sequence[type[Refusal]] = (),
    max_bytes: int = JSON_LIMIT,
) -> Callable[[Handler], HttpFunction]:
    """Make an HTTP function of a handler, whose docstring is its text in the OpenAPI document.

    The function that the Azure worker sees takes `req` alone: it refuses any other parameter.
    """

    def make(handler: Handler) -> HttpFunction:
        summary, _, description = (handler.__doc__ or "").strip().partition("\n")
        declaration = Declaration(
            needs,
            takes,
            asks,
            gives,
            status,
            changes,
            repeatable and needs not in {PUBLIC, HOST_KEY},
            refuses,
            takes.max_bytes if isinstance(takes, Raw) else max_bytes,
            summary.strip(),
            "\n".join(line.strip() for line in description.strip().splitlines()),
            recent,
            quota,
            weak,
        )
        return _function(declaration, handler)

    return make


def _function(declaration: Declaration, handler: Handler) -> HttpFunction:
    """What the host calls. It has the handler's name and text, and none of its parameters."""

    async def function(req: func.HttpRequest) -> func.HttpResponse:
        headers = req.headers
        begun = scope.begin(headers.get("x-correlation-id"), headers.get("traceparent"))
        with scope.entered(begun):
            told: dict[str, str] = {}
            response = await _answered(declaration, handler, req, told)
            for header, value in {**told, "X-Correlation-Id": begun.correlation_id}.items():
                response.headers[header] = value
            name = f"{handler.__module__}.{handler.__name__}"
            say("http.answered", function=name, method=req.method, status=response.status_code)
            return response

    function.__name__ = function.__qualname__ = handler.__name__
    function.__module__, function.__doc__ = handler.__module__, handler.__doc__
    function.declaration = declaration  # type: ignore[attr-defined]  # for the OpenAPI writer
    function.handler = handler  # type: ignore[attr-defined]  # for the architecture tests
    return function


async def _answered(
    declaration: Declaration, handler: Handler, req: func.HttpRequest, told: dict[str, str]
) -> func.HttpResponse:
    """Every way out of a request but a crash of the process itself.

    `told` is filled with what every answer says of quotas.
    """
    try:
        return await _guarded(declaration, handler, req, told)
    except ValidationError as error:  # of our own making: what callers sent is checked in reading
        fail("http.invalid_view", error=str(error))
        return _internal()
    except Refusal as refusal:
        return problem.of_refusal(refusal)
    except Exception as error:
        seconds = retry_after_s(error)
        if seconds is None:
            fail("http.failed", error=type(error).__name__)
            return _internal()
        warn("http.dependency_down", error=type(error).__name__, reason=str(error)[:500])
        return problem.of_refusal(
            Unavailable("A service that this needs is not available.", retry_after_s=seconds)
        )


async def _guarded(
    declaration: Declaration, handler: Handler, req: func.HttpRequest, told: dict[str, str]
) -> func.HttpResponse:
    told |= quotas.of_address(req.headers, declaration.quota)
    caller = await _caller(declaration, req)
    if caller is not None:
        told |= quotas.of_caller(caller)
    call: Call[Any, Any] = Call(
        body=parsed_body(declaration, req),
        asks=parsed_query(declaration, req),
        route=req.route_params,
        headers=req.headers,
        known_caller=caller,
        if_match=required_if_match(declaration, req),
    )
    if caller and declaration.repeatable and _asks_for_once(req):
        return await idempotency.once(
            caller, req, lambda: _handled(declaration, handler, call, req)
        )
    return await _handled(declaration, handler, call, req)


def _asks_for_once(req: func.HttpRequest) -> bool:
    return req.method == "POST" and "idempotency-key" in req.headers


async def _handled(
    declaration: Declaration, handler: Handler, call: Call[Any, Any], req: func.HttpRequest
) -> func.HttpResponse:
    return answer(declaration, await handler(call), req)


async def _caller(declaration: Declaration, req: func.HttpRequest) -> Caller | None:
    if declaration.public:
        return None
    caller = await verifier()(authorization(req.headers))
    scope.become(Actor(caller.kind, caller.id))
    if declaration.needs not in NO_PERMISSION:
        caller.must(declaration.needs, resource=resource_of(req))
    if settings().require_second_factor and not declaration.weak:
        caller.must_be_strong()
    if declaration.recent:
        caller.must_be_recent(clock.now())
    return caller


def _internal() -> func.HttpResponse:
    return problem.problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "Something broke on our side. Nothing of this request was kept unless you read it back; "
        "quote the correlation id.",
    )
