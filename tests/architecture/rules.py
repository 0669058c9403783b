"""The rules that no linter knows, as functions from code or configuration to what breaks them."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.http.declaration import HOST_KEY, NO_PERMISSION
from shared.http.openapi.registered import Registered

MOST_LINES_OF_FILE = 400
MOST_LINES_OF_FUNCTION = 50
NAME = re.compile(r"[a-z]+(_[a-z0-9]+)+")
IMPURE_CALLS = {"now", "utcnow", "today", "uuid4", "uuid7", "urandom", "token_urlsafe", "token_hex"}
IMPURE_MODULES = {"random", "secrets", "time", "os", "socket", "requests", "aiohttp", "httpx"}

Trigger = Mapping[str, Any]


def badly_named(names: Iterable[str], capabilities: Iterable[str]) -> list[str]:
    """Names are `<capability>_<words>`, since the portal sorts by them."""
    known = tuple(f"{capability}_" for capability in capabilities)
    return [name for name in names if not NAME.fullmatch(name) or not name.startswith(known)]


def unguarded(functions: Iterable[Registered], permissions: Iterable[str]) -> list[str]:
    """Each endpoint needs a permission that a role has, or says that it is public."""
    known = {*permissions, *NO_PERMISSION}
    return [each.name for each in functions if each.declaration.needs not in known]


def without_host_key(functions: Iterable[Registered]) -> list[str]:
    """Whoever needs the host's key must have the host ask for it, and nobody else may."""
    return [
        each.name
        for each in functions
        if (each.declaration.needs == HOST_KEY) != (each.auth_level != "anonymous")
    ]


def doubled_routes(functions: Iterable[Registered]) -> list[str]:
    """The engine does not notice two functions on one route; `{a}` and `{b}` are one as well."""
    routes = Counter(
        f"{method} {re.sub(r'{[^}]*}', '{}', each.path)}"
        for each in functions
        for method in each.methods
    )
    return sorted(route for route, count in routes.items() if count > 1)


def too_long(file: Path, source: str) -> Iterator[str]:
    """Files and functions that nobody reads in one go."""
    lines = source.count("\n")
    if lines > MOST_LINES_OF_FILE:
        yield f"{file}: {lines} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_LINES_OF_FUNCTION:
                yield f"{file}: {node.name} has {length} lines"


def impure(file: Path, source: str) -> Iterator[str]:
    """What a domain may not do: wait, look at the clock, roll dice, reach out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Await, ast.AsyncFunctionDef)):
            yield f"{file}:{node.lineno}: waits"
        if isinstance(node, ast.Call) and _called(node) in IMPURE_CALLS:
            yield f"{file}:{node.lineno}: calls {_called(node)}"
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in IMPURE_MODULES:
                    yield f"{file}:{node.lineno}: imports {alias.name}"
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in IMPURE_MODULES:
            yield f"{file}:{node.lineno}: imports {node.module}"


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def missing_in_topology(triggers: Iterable[Trigger], topology: Mapping[str, Any]) -> list[str]:
    """Triggers on what is not declared, or is declared with other sessions."""
    declared = declared_sources(topology)
    return sorted(
        f"{source} (sessions: {sessions})"
        for source, sessions in _sources(triggers)
        if source not in declared or declared[source] is not sessions
    )


def without_trigger(triggers: Iterable[Trigger], topology: Mapping[str, Any]) -> list[str]:
    """Declared queues and subscriptions that nobody listens to."""
    listened = {source for source, _ in _sources(triggers)}
    return sorted(
        source
        for source in declared_sources(topology)
        if source not in listened and not source.startswith("container ")
    )


def declared_sources(topology: Mapping[str, Any]) -> dict[str, bool | None]:
    """What can trigger a function, and whether it has sessions."""
    bus = topology["serviceBus"]
    sources: dict[str, bool | None] = {
        f"queue {queue['name']}": queue["requiresSession"]
        for queue in bus["queues"]
        if "consumer" not in queue
    }
    for topic in bus["topics"]:
        for subscription in topic["subscriptions"]:
            name = f"subscription {topic['name']}/{subscription['name']}"
            sources[name] = subscription["requiresSession"]
    for container in topology["cosmos"]["containers"]:
        sources[f"container {container['name']}"] = None
    return sources


def _sources(triggers: Iterable[Trigger]) -> Iterator[tuple[str, bool | None]]:
    for trigger in triggers:
        sessions = bool(trigger.get("isSessionsEnabled"))
        if trigger["type"] == "cosmosDBTrigger":
            yield f"container {trigger['containerName']}", None
        elif trigger.get("queueName"):
            yield f"queue {trigger['queueName']}", sessions
        elif trigger.get("topicName"):
            yield f"subscription {trigger['topicName']}/{trigger['subscriptionName']}", sessions
