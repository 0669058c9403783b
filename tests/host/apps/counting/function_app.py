"""Service Bus functions that write each message that they handled into a file."""

import asyncio
import os
from typing import List  # noqa: UP035 - the engine does not know `list[...]`

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


def note(msg: func.ServiceBusMessage) -> None:
    """One line in one write, so that lines of several processes do not mix."""
    file = os.open(os.environ["COUNT_FILE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, f"{msg.message_id} {msg.session_id or '-'}\n".encode())
    os.close(file)


@app.route(route="ping", methods=["GET"])
async def ping(req: func.HttpRequest) -> str:
    """Whether the host is there."""
    return "here"


@app.service_bus_queue_trigger(arg_name="msg", queue_name="plain", connection="SERVICE_BUS")
async def counted(msg: func.ServiceBusMessage) -> None:
    """Takes a moment, so that many are under way when the host ends."""
    await asyncio.sleep(0.03)
    note(msg)


@app.service_bus_queue_trigger(arg_name="msg", queue_name="kept", connection="SERVICE_BUS")
async def killed(msg: func.ServiceBusMessage) -> None:
    """The same on a queue whose locks are short: what a dead host held comes again soon."""
    note(msg)


@app.service_bus_queue_trigger(arg_name="msg", queue_name="texts", connection="SERVICE_BUS")
def counted_in_thread(msg: func.ServiceBusMessage) -> None:
    """The same in a thread."""
    note(msg)


@app.service_bus_queue_trigger(
    arg_name="msgs", queue_name="batched", connection="SERVICE_BUS", cardinality="many"
)
async def counted_in_batches(
    msgs: List[func.ServiceBusMessage],  # noqa: UP006 - the engine does not know `list[...]`
) -> None:
    """Several at once."""
    await asyncio.sleep(0.05)
    for msg in msgs:
        note(msg)


@app.service_bus_queue_trigger(
    arg_name="msg", queue_name="ordered", connection="SERVICE_BUS", is_sessions_enabled=True
)
async def counted_in_order(msg: func.ServiceBusMessage) -> None:
    """One at a time in each session."""
    await asyncio.sleep(0.01)
    note(msg)
