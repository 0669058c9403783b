"""Operations over HTTP."""

from http import HTTPStatus

import azure.functions as func

from functions.operations.domain import Status, overall
from functions.operations.models import DependencyView, HealthView, ReadyView
from functions.operations.repository import openapi_document
from functions.operations.wiring import readiness
from shared.errors import Missing
from shared.http.call import Call, Reply
from shared.http.declaration import PUBLIC, Content
from shared.http.endpoint import endpoint
from shared.pages.rendering import HTML, PageAsked, page
from shared.pages.serving import served
from shared.version import VERSION

bp = func.Blueprint()


@bp.function_name("operations_report_health")
@bp.route("health", methods=["GET"])
@endpoint(needs=PUBLIC, gives=HealthView)
async def report_health(_call: Call) -> HealthView:
    """Say that the process answers."""
    return HealthView(version=VERSION)


@bp.function_name("operations_report_readiness")
@bp.route("health/ready", methods=["GET"])
@endpoint(needs=PUBLIC, gives=ReadyView)
async def report_readiness(_call: Call) -> Reply:
    """Say whether each dependency answers, and how fast.

    503 when a required one does not."""
    findings = await readiness().findings()
    status = overall(findings)
    view = ReadyView(
        status=status,
        version=VERSION,
        dependencies=[DependencyView.model_validate(finding) for finding in findings],
    )
    down = status is Status.DOWN
    return Reply(view, status=HTTPStatus.SERVICE_UNAVAILABLE if down else HTTPStatus.OK)


@bp.function_name("operations_publish_openapi")
@bp.route("openapi.json", methods=["GET"])
@endpoint(needs=PUBLIC, gives=Content("application/json", "The OpenAPI 3.1 document."))
async def publish_openapi(_call: Call) -> Reply:
    """Read this API's OpenAPI document."""
    return Reply(
        content=openapi_document(),
        headers={"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"},
    )


@bp.function_name("operations_show_docs")
@bp.route("docs", methods=["GET"])
@endpoint(needs=PUBLIC, asks=PageAsked, gives=Content(HTML, "The page."))
async def show_docs(call: Call[None, PageAsked]) -> Reply:
    """Read about this API in a browser."""
    return page("operations", "docs.html", call.headers, call.asks.lang, personal=False)


@bp.function_name("operations_serve_asset")
@bp.route("assets/{name}", methods=["GET"])
@endpoint(needs=PUBLIC, gives=Content("*/*", "The file."), refuses=[Missing])
async def serve_asset(call: Call) -> Reply:
    """Load a file of our pages.

    Its name changes with its content, so browsers may keep it for ever."""
    return served(call.route["name"], call.headers)
