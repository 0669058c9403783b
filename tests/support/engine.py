"""An app indexed by Microsoft's own engine in this process, one function run at a time.

In this process, so that a test can put its own stores under the app before it runs a function.
What a function receives has the form that Azure's host and its extensions give it.
"""

import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from local.host import datums, engine
from local.host.engine import Cause, EngineFunction, Outcome
from local.host.servicebus import metadata
from local.host.timers.listener import timer_datum


class FunctionFailed(AssertionError):
    """The function raised or returned what the engine refuses; with the function's own stack."""


@dataclass(frozen=True)
class Answer:
    """What an HTTP function returned; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """A Service Bus message as a test writes it."""

    body: str | bytes
    subject: str | None = None
    session_id: str | None = None
    message_id: str | None = None
    correlation_id: str | None = None
    delivery_count: int = 1
    properties: Mapping[str, object] | None = None

    def fields(self) -> dict[str, object]:
        """The trigger metadata, with what a broker adds."""
        properties = dict(self.properties or {})
        found: dict[str, object | None] = {
            "MessageId": self.message_id or str(uuid.uuid4()),
            "DeliveryCount": self.delivery_count,
            "SequenceNumber": 1,
            "LockToken": str(uuid.uuid4()),
            "EnqueuedTimeUtc": metadata.instant(datetime.now(UTC)),
            "ContentType": "application/json",
            "Subject": self.subject,
            "Label": self.subject,
            "SessionId": self.session_id,
            "CorrelationId": self.correlation_id,
        }
        present = {name: value for name, value in found.items() if value is not None}
        return {**present, "ApplicationProperties": properties, "UserProperties": properties}

    @property
    def content(self) -> bytes:
        """The body in bytes."""
        return self.body if isinstance(self.body, bytes) else self.body.encode()


class EngineApp:
    """The functions of one app. The engine keeps them for the life of the process."""

    _indexed: ClassVar[dict[Path, "EngineApp"]] = {}

    def __init__(self, indexed: engine.Engine) -> None:
        self._engine = indexed
        self.functions: dict[str, EngineFunction] = {each.name: each for each in indexed.functions}

    @classmethod
    async def index(cls, app_dir: Path) -> "EngineApp":
        """Index the app, or give the one that was indexed before.

        Raises IndexFailed with the engine's reason, and ValueError when another app in this
        process has a function of the same name: the engine could not tell them apart.
        """
        place = _resolved(app_dir)
        if place not in cls._indexed:
            known_path, known_module = list(sys.path), sys.modules.pop("function_app", None)
            try:
                app = cls(await engine.start(place))
            finally:
                sys.path[:] = known_path
                sys.modules.pop("function_app", None)  # its functions can be asked for once only
                if known_module is not None:
                    sys.modules["function_app"] = known_module
            taken = {name for other in cls._indexed.values() for name in other.functions}
            if taken & set(app.functions):
                raise ValueError(f"Two apps share names: {sorted(taken & set(app.functions))}.")
            cls._indexed[place] = app
        return cls._indexed[place]

    async def http(
        self,
        function: str,
        method: str = "GET",
        url: str = "http://localhost/api/",
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        route: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Run an HTTP function. Raises FunctionFailed where a client would get an empty 500."""
        request = datums.http(
            method,
            url,
            headers={name.lower(): value for name, value in (headers or {}).items()},
            query=query or {},
            route=route or {},
            body=body,
        )
        outcome = await self.run(function, request)
        if not outcome.ok or outcome.returned is None:
            raise FunctionFailed(f"{function}: {outcome.error}\n{outcome.stack}")
        if outcome.returned.type == "string":
            return Answer(200, {"content-type": "text/plain"}, outcome.returned.value.encode())
        value = outcome.returned.value
        return Answer(
            int(value["status_code"].value),
            {name.lower(): datum.value for name, datum in value["headers"].items()},
            value["body"].value,
            tuple(
                morsel.OutputString()
                for cookies in value.get("cookies") or ()
                for morsel in cookies.values()
            ),
        )

    async def message(self, function: str, message: Message) -> Outcome:
        """Run a Service Bus function of cardinality one. A failure is in the outcome."""
        content = metadata.content([message.content], batch=False, as_bytes=False)
        cause = metadata.cause(message.properties or {})
        return await self.run(function, content, metadata.one(message.fields()), cause)

    async def messages(self, function: str, messages: Sequence[Message]) -> Outcome:
        """Run a Service Bus function of cardinality many."""
        bodies = [message.content for message in messages]
        content = metadata.content(bodies, batch=True, as_bytes=False)
        found = [message.fields() for message in messages]
        return await self.run(function, content, metadata.many(found))

    async def timer(self, function: str, *, past_due: bool = False) -> Outcome:
        """Run a timer function."""
        return await self.run(function, timer_datum(None, past_due=past_due))

    async def documents(
        self, function: str, documents: Sequence[Mapping[str, Any]], *, retry: int = 0
    ) -> Outcome:
        """Run a change feed function with changed documents, for the `retry`th repetition."""
        content = datums.as_json([dict(each) for each in documents])
        return await self.run(function, content, {}, Cause(retry_count=retry))

    async def run(
        self,
        function: str,
        value: Any,
        trigger_metadata: Mapping[str, Any] | None = None,
        cause: Cause | None = None,
    ) -> Outcome:
        """Run any function with what its trigger brings."""
        known = self.functions[function]
        trigger = next(each for each in known.bindings if each["type"].endswith("Trigger"))
        return await self._engine.run(
            known.id,
            {str(trigger["name"]): value},
            trigger_metadata or {},
            invocation_id=str(uuid.uuid4()),
            cause=cause or Cause(),
        )


def _resolved(app_dir: Path) -> Path:
    return app_dir.resolve()
