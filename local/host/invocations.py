"""Runs of functions: each with an id, two lines in the log, and a place among those running."""

import asyncio
import time
import traceback
from collections.abc import Mapping
from typing import Any

from local.faults import plan
from local.faults.plan import Faults
from local.host import durations, identifiers, invocation_log, logs
from local.host.deadlines import Deadlines
from local.host.engine import Cause, Engine, Outcome
from local.host.index import IndexedFunction
from local.host.invocation_log import CALLED, Run
from local.host.traces import trace_id, trace_parent

Answer = asyncio.Future[Outcome]


class Invocations:
    """Runs functions on the engine and knows which have not finished.

    A run that takes longer than `timeout_s` has failed; what it does after that counts for nothing.
    """

    def __init__(
        self, engine: Engine, *, timeout_s: float | None = None, faults: Faults = plan.NONE
    ) -> None:
        self._engine = engine
        self._timeout_s = timeout_s
        self._deadlines = Deadlines(timeout_s)
        self.faults = faults
        self._running: dict[asyncio.Task[None], Run] = {}
        self.given_up = 0

    async def run(
        self,
        function: IndexedFunction,
        value: Any,
        metadata: Mapping[str, Any] | None = None,
        *,
        cause: Cause | None = None,
        reason: str = CALLED,
    ) -> Outcome:
        """Run `function` with `value` for its trigger's parameter, and wait for the outcome."""
        run, answer = self.begin(function, value, metadata, cause=cause, reason=reason)
        del run
        return await answer

    def begin(
        self,
        function: IndexedFunction,
        value: Any,
        metadata: Mapping[str, Any] | None = None,
        *,
        cause: Cause | None = None,
        reason: str = CALLED,
    ) -> tuple[Run, Answer]:
        """Begin to run `function`; the outcome comes later.

        It runs in a task of its own: a caller that goes away does not end it, and what it sets in
        context variables stays its own. Whoever answers before it, answers instead of it.
        """
        given = cause or Cause()
        parent = trace_parent(given.trace_parent)
        run = Run(function, identifiers.invocation_id(), trace_id(parent), reason)
        loop = asyncio.get_running_loop()
        answer: Answer = loop.create_future()
        known = Cause(parent, given.trace_state, given.retry_count, given.max_retry_count)
        task = loop.create_task(self._run(run, {function.argument: value}, metadata, known, answer))
        self._running[task] = run
        return run, answer

    async def finish(self, within_s: float) -> int:
        """Wait for the running functions; says how many did not finish in time."""
        if not self._running:
            return 0
        _, late = await asyncio.wait(set(self._running), timeout=within_s)
        return len(late)

    async def _run(
        self,
        run: Run,
        inputs: Mapping[str, Any],
        metadata: Mapping[str, Any] | None,
        cause: Cause,
        answer: Answer,
    ) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine that runs is in a task
        name, began = run.function.name, time.perf_counter()
        self._deadlines.set(task, lambda: self._give_up(task, run, began, answer))
        invocation_log.started(run)
        try:
            self.faults.point("before-function", name)
            outcome = await self._engine.run(
                run.function.id,
                inputs,
                metadata or {},
                invocation_id=run.invocation_id,
                cause=cause,
            )
            self.faults.point("after-function", name)
        except asyncio.CancelledError:
            answer.cancel()  # the loop ends, or the run was given up and answered already
            raise
        except Exception as error:  # noqa: BLE001 - somebody waits for an answer
            outcome = Outcome(ok=False, error=repr(error), stack=traceback.format_exc())
        finally:
            self._deadlines.call_off(task)
            abandoned = self._running.pop(task, None) is None
        if not abandoned:
            invocation_log.ended(run, outcome, time.perf_counter() - began)
            if not answer.done():
                answer.set_result(outcome)

    def _give_up(self, task: asyncio.Task[None], run: Run, began: float, answer: Answer) -> None:
        """The real host would restart the whole worker; here the others go on."""
        self._running.pop(task, None)
        self.given_up += 1
        name = run.function.name
        length = durations.text(self._timeout_s or 0)
        logs.fail(
            "invocation.timeout",
            function=name,
            invocation_id=run.invocation_id,
            trace_id=run.trace_id,
            message=f"Timeout value of {length} exceeded by function 'Functions.{name}' "
            f"(Id: '{run.invocation_id}'). Initiating cancellation.",
        )
        error = f"Timeout value of {length} was exceeded by function: Functions.{name}"
        outcome = Outcome(ok=False, error=error)
        invocation_log.ended(run, outcome, time.perf_counter() - began)
        if not answer.done():
            answer.set_result(outcome)
        task.cancel()
