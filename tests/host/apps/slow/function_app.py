"""Functions that take longer than the second that host.json gives them."""

import asyncio
import threading

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
ended: list[str] = []
gate = threading.Event()


@app.route(route="ended", methods=["GET"])
async def tell(req: func.HttpRequest) -> str:
    """How runs that took too long have ended."""
    return ",".join(ended)


@app.route(route="sleeps", methods=["GET"])
async def sleeps(req: func.HttpRequest) -> str:
    """Waits for what never comes."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        ended.append("cancelled")
        raise
    return "done"


@app.route(route="stubborn", methods=["GET"])
async def stubborn(req: func.HttpRequest) -> str:
    """Does not mind being cancelled, and comes to an end of its own."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        ended.append("stubborn")
    return "done all the same"


@app.route(route="thread", methods=["GET"])
def in_thread(req: func.HttpRequest) -> str:
    """Holds a thread until the gate opens."""
    gate.wait(20)
    ended.append("thread")
    return "done"


@app.route(route="open", methods=["GET"])
async def open_gate(req: func.HttpRequest) -> str:
    """Lets the thread go."""
    gate.set()
    return "open"


@app.route(route="short", methods=["GET"])
async def short(req: func.HttpRequest) -> str:
    """Is done within the second, but not within the time that a test lets clients wait."""
    await asyncio.sleep(0.6)
    ended.append("short")
    return "done"


@app.service_bus_queue_trigger(arg_name="msg", queue_name="plain", connection="SERVICE_BUS")
async def hangs(msg: func.ServiceBusMessage) -> None:
    """Hangs at the first delivery only."""
    ended.append(f"delivery {msg.delivery_count}")
    if msg.delivery_count == 1:
        await asyncio.Event().wait()
