"""Microsoft's Python engine (azure-functions-runtime) in this process: index an app, run it.

Knows neither HTTP nor Service Bus: whoever calls it brings the data as `Datum`s.
"""

import asyncio
import json
import logging
import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.host import culprit
from local.host.engine_protocol import init_request
from local.host.failures import IndexFailed

HOST_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Cause:
    """Why a function runs: its place in a distributed trace and, when repeated, which attempt."""

    trace_parent: str = ""
    trace_state: str = ""
    retry_count: int = 0
    max_retry_count: int = 0


@dataclass(frozen=True)
class Outcome:
    """How a run ended: what was returned, or the error and where it happened."""

    ok: bool
    returned: Any = None
    outputs: tuple[tuple[str, Any], ...] = ()
    error: str = ""
    stack: str = ""


@dataclass(frozen=True)
class EngineFunction:
    """A function as the engine describes it to a host."""

    id: str
    name: str
    bindings: tuple[Mapping[str, Any], ...]
    retry: Mapping[str, Any] = field(default_factory=dict)


class Engine:
    """One app, indexed. A process can hold one app only: the engine keeps its registry globally."""

    def __init__(self, functions: tuple[EngineFunction, ...]) -> None:
        self.functions = functions

    async def run(
        self,
        function_id: str,
        inputs: Mapping[str, Any],
        metadata: Mapping[str, Any],
        *,
        invocation_id: str,
        cause: Cause,
    ) -> Outcome:
        """Run one function once. What the function raises is in the outcome, never raised."""
        from azure_functions_runtime.native_invocation import invocation_request_native

        try:
            ok, returned, outputs, error, stack = await invocation_request_native(
                invocation_id,
                function_id,
                list(inputs.items()),
                dict(metadata),
                trace_parent=cause.trace_parent,
                trace_state=cause.trace_state,
                retry_count=cause.retry_count,
                max_retry_count=cause.max_retry_count,
            )
        except (asyncio.CancelledError, SystemExit) as raised:
            if _is_being_cancelled():
                raise
            # The function raised it: the engine lets it through, the host must outlive it.
            return Outcome(False, error=repr(raised), stack=traceback.format_exc())
        return Outcome(ok, returned, tuple(outputs), error or "", stack or "")


async def start(app_dir: Path) -> Engine:
    """Index the app in `app_dir`. Raises IndexFailed with the engine's own words.

    The app's directory is the last place that Python looks in, as it is in Azure; only the host's
    own root comes after it.
    """
    sys.path[:] = _search_path(app_dir)
    os.environ.setdefault("AzureWebJobsScriptRoot", str(app_dir))
    import azure_functions_runtime as runtime
    from azure_functions_runtime import handle_event

    logging.getLogger("azure.functions").addFilter(_is_not_said_elsewhere)
    runtime.start_threadpool_executor()
    try:
        answer = await runtime.worker_init_request(init_request(str(app_dir), "127.0.0.1"))
    except SystemExit as ended:
        raise IndexFailed(f"{app_dir}/function_app.py ended the process: {ended!r}.") from ended
    if answer.result.status != 1:
        raise IndexFailed(_explain(answer.result.exception) + culprit.named())
    indexed = handle_event._metadata_result  # noqa: SLF001 - the engine offers no other way in
    if not indexed:
        raise IndexFailed(f"{app_dir}/function_app.py does not exist or holds no function.")
    _refuse_another_app(app_dir)
    return Engine(tuple(_described(each) for each in indexed))


def _search_path(app_dir: Path) -> list[str]:
    ours = list(dict.fromkeys((app_dir, HOST_ROOT)))
    others = [entry for entry in sys.path if Path(entry).resolve() not in ours]
    return others + [str(each) for each in ours]


def _refuse_another_app(app_dir: Path) -> None:
    """An installed package may hide the app's own module; the engine would not notice."""
    name = Path(os.environ.get("PYTHON_SCRIPT_FILE_NAME", "function_app.py")).stem
    found = getattr(sys.modules.get(name), "__file__", None)
    if found is None or Path(found).resolve().parent != app_dir:
        raise IndexFailed(f"{name} was imported from {found}, not from {app_dir}.")


def stop_threads() -> None:
    """Let go of the engine's threads, without waiting for those that are still busy."""
    from azure_functions_runtime.utils import threadpool

    executor = threadpool.get_threadpool_executor()
    if executor is not None:
        executor.shutdown(wait=False, cancel_futures=True)


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _described(function: Any) -> EngineFunction:
    bindings = tuple(json.loads(raw) for raw in function.raw_bindings)
    retry = vars(function.retry_options) if function.retry_options else {}
    return EngineFunction(function.function_id, function.name, bindings, retry)


def _explain(exception: Any) -> str:
    """The message and the innermost places in the stack, without the engine's long sys.path."""
    message = exception.message.split(" Current sys.path:")[0]
    lines = exception.stack_trace.splitlines()
    places = [line for line in lines if line.startswith("  File") and "<frozen" not in line]
    return "\n".join([message, *places[-4:]])


def _is_not_said_elsewhere(record: logging.LogRecord) -> bool:
    """The host itself says, with the function's name, what the engine logs as an error."""
    return record.levelno == logging.WARNING
