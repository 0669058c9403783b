"""Runs of functions: each with an id, a line in the log, and a place among those still running."""

import asyncio
import time
import uuid
from collections.abc import Mapping
from typing import Any

from local.host import logs
from local.host.engine import Cause, Engine, Outcome
from local.host.index import IndexedFunction
from local.host.traces import trace_id, trace_parent


class Invocations:
    """Runs functions on the engine and knows which have not finished."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._running: set[asyncio.Task[Outcome]] = set()

    async def run(
        self,
        function: IndexedFunction,
        value: Any,
        metadata: Mapping[str, Any] | None = None,
        *,
        cause: Cause | None = None,
        invocation_id: str = "",
    ) -> Outcome:
        """Run `function` with `value` for its trigger's parameter.

        It runs in a task of its own: a caller that goes away does not end it, and what it sets in
        context variables stays its own.
        """
        run = self._run(
            function, value, metadata or {}, cause or Cause(), invocation_id or str(uuid.uuid4())
        )
        task = asyncio.create_task(run)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def finish(self, within_s: float) -> int:
        """Wait for the running functions; says how many did not finish in time."""
        if not self._running:
            return 0
        _, late = await asyncio.wait(self._running, timeout=within_s)
        return len(late)

    async def _run(
        self,
        function: IndexedFunction,
        value: Any,
        metadata: Mapping[str, Any],
        cause: Cause,
        invocation_id: str,
    ) -> Outcome:
        parent = trace_parent(cause.trace_parent)
        started = time.perf_counter()
        outcome = await self._engine.run(
            function.id,
            {function.argument: value},
            metadata,
            invocation_id=invocation_id,
            cause=Cause(parent, cause.trace_state, cause.retry_count, cause.max_retry_count),
        )
        line: dict[str, object] = {
            "function": function.name,
            "trigger": function.kind,
            "invocation_id": invocation_id,
            "trace_id": trace_id(parent),
            "duration_ms": round((time.perf_counter() - started) * 1000, 2),
            "outcome": "succeeded" if outcome.ok else "failed",
        }
        if outcome.ok:
            logs.say("invocation", **line)
        else:
            logs.fail("invocation", **line, error=outcome.error, stack=outcome.stack)
        return outcome
