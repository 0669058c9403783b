"""HTTP functions of every shape: what they receive comes back as JSON."""

import asyncio
import json
import logging
import sys
import threading
from contextvars import ContextVar

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
seen: ContextVar[int] = ContextVar("seen", default=0)
gate = asyncio.Event()
slow_running: list[int] = []


@app.function_name("echo")
@app.route(route="echo/{first}/{number:int?}", methods=["GET", "POST"])
async def echo(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Everything that a function can see of a request."""
    document = {
        "method": req.method,
        "url": req.url,
        "headers": dict(req.headers),
        "query": dict(req.params),
        "route": dict(req.route_params),
        "body": req.get_body().decode("latin-1"),
        "invocation_id": context.invocation_id,
        "function": context.function_name,
        "trace_parent": context.trace_context.trace_parent,
        "trace_state": context.trace_context.trace_state,
    }
    return func.HttpResponse(json.dumps(document), mimetype="application/json")


@app.route(route="echo/me", methods=["GET"])
async def literal(req: func.HttpRequest) -> func.HttpResponse:
    """A literal beside a parameter."""
    return func.HttpResponse("the literal")


@app.route(route="early/me", methods=["GET"])
async def a_literal(req: func.HttpRequest) -> func.HttpResponse:
    """Its name comes before that of the function with the parameter."""
    return func.HttpResponse("the literal")


@app.route(route="early/{first}", methods=["GET", "POST"])
async def echo_early(req: func.HttpRequest) -> func.HttpResponse:
    """The same beside a name that comes before it."""
    return func.HttpResponse(json.dumps({"route": dict(req.route_params)}))


@app.route(route="files/{*path}", methods=["GET"])
async def files(req: func.HttpRequest) -> func.HttpResponse:
    """The rest of a path."""
    return func.HttpResponse(req.route_params.get("path", "nothing"))


@app.route(route="thread", methods=["GET"])
def in_thread(req: func.HttpRequest) -> func.HttpResponse:
    """A function that is not async, in the engine's pool."""
    return func.HttpResponse(threading.current_thread().name)


@app.route(route="size", methods=["POST"])
async def size(req: func.HttpRequest) -> func.HttpResponse:
    """How large a body arrived."""
    return func.HttpResponse(str(len(req.get_body())))


@app.route(route="raises", methods=["GET"])
async def raises(req: func.HttpRequest) -> func.HttpResponse:
    """Fails with something that no client may see."""
    raise RuntimeError("the secret reason")


@app.route(route="cancels", methods=["GET"])
async def cancels(req: func.HttpRequest) -> func.HttpResponse:
    """Fails in the way of asyncio."""
    raise asyncio.CancelledError


@app.route(route="exits", methods=["GET"])
def exits(req: func.HttpRequest) -> func.HttpResponse:
    """Tries to end the process."""
    sys.exit(3)


@app.route(route="nothing", methods=["GET"])
async def nothing(req: func.HttpRequest):  # type: ignore[no-untyped-def]  # returns None on purpose
    """Returns None."""


@app.route(route="text", methods=["GET"])
async def text(req: func.HttpRequest) -> str:
    """Returns bare text."""
    return "grüß dich"


@app.route(route="cookies", methods=["GET", "HEAD"])
async def cookies(req: func.HttpRequest) -> func.HttpResponse:
    """A redirect with cookies."""
    response = func.HttpResponse("x" * 7, status_code=302, headers={"Location": "/elsewhere"})
    response.headers.add("Set-Cookie", "session=abc; Path=/; HttpOnly; Secure; SameSite=Strict")
    response.headers.add("Set-Cookie", "theme=dark; Max-Age=60")
    return response


@app.route(route="broken-header", methods=["GET"])
async def broken_header(req: func.HttpRequest) -> func.HttpResponse:
    """Answers with a header that would split the response."""
    response = func.HttpResponse("x")
    response.headers.setlist("X-Bad", ["a"])
    response.headers._list.append(("X-Split", "a\r\nInjected: yes"))
    return response


@app.route(route="any")
async def any_method(req: func.HttpRequest) -> func.HttpResponse:
    """Takes every method."""
    return func.HttpResponse(req.method)


@app.route(route="context", methods=["GET"])
async def context_variable(req: func.HttpRequest) -> func.HttpResponse:
    """What an earlier request on the same connection left behind."""
    found = seen.get()
    seen.set(found + 1)
    return func.HttpResponse(str(found))


@app.route(route="says", methods=["GET"])
async def says(req: func.HttpRequest) -> func.HttpResponse:
    """Prints and logs."""
    sys.stdout.write("printed by the app\n")
    logging.getLogger("the.app").info('{"event": "logged by the app", "amount": 3}')
    return func.HttpResponse("said")


@app.route(route="wait", methods=["GET"])
async def wait(req: func.HttpRequest) -> func.HttpResponse:
    """Answers when somebody opens the gate."""
    await gate.wait()
    return func.HttpResponse("waited")


@app.route(route="open", methods=["POST"])
async def open_gate(req: func.HttpRequest) -> func.HttpResponse:
    """Lets those who wait answer."""
    gate.set()
    return func.HttpResponse("opened")


@app.route(route="slow", methods=["GET"])
async def slow(req: func.HttpRequest) -> func.HttpResponse:
    """Takes as many seconds as `s` says."""
    slow_running.append(1)
    await asyncio.sleep(float(req.params["s"]))
    return func.HttpResponse("done")


@app.route(route="slow/running", methods=["GET"])
async def slow_count(req: func.HttpRequest) -> func.HttpResponse:
    """How many slow requests have reached their function."""
    return func.HttpResponse(str(len(slow_running)))


@app.route(route="keyed", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
async def keyed(req: func.HttpRequest) -> func.HttpResponse:
    """Needs a key."""
    return func.HttpResponse("in")


@app.route(route="keyed/admin", methods=["GET"], auth_level=func.AuthLevel.ADMIN)
async def keyed_admin(req: func.HttpRequest) -> func.HttpResponse:
    """Needs the master key."""
    return func.HttpResponse("in as admin")


@app.route(route="off", methods=["GET"])
async def switched_off(req: func.HttpRequest) -> func.HttpResponse:
    """Disabled by a setting."""
    return func.HttpResponse("on")
