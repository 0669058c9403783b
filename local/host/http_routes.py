"""The HTTP functions of an app by their routes, in the order in which Azure's host tries them."""

from collections.abc import Iterable

from local.host import logs, shadows
from local.host.failures import IndexFailed
from local.host.index import IndexedFunction
from local.host.routes import RouteTable, RouteTaken

Functions = RouteTable[IndexedFunction]
RESERVED = frozenset({"admin", "runtime"})


def route_table(functions: Iterable[IndexedFunction], prefix: str) -> Functions:
    """Raises IndexFailed for a template that cannot be served and for two that are the same."""
    table = Functions()
    routes = []
    for function in sorted(functions, key=lambda each: each.name.lower()):
        template = f"{prefix}/{(function.trigger.get('route') or function.name).strip('/')}"
        if template.strip("/").split("/")[0].lower() in RESERVED:
            raise IndexFailed(f"Function {function.name}: route {template} is the host's own.")
        methods = frozenset(method.upper() for method in function.trigger.get("methods") or ())
        _add(table, template, methods, function)
        routes.append((function, template, methods))
    for name, method, other in shadows.shadowed(table, routes):
        logs.warn("route never reached", function=name, method=method, answered_by=other)
    return table


def _add(
    table: Functions, template: str, methods: frozenset[str], function: IndexedFunction
) -> None:
    try:
        table.add(template, methods, function)
    except RouteTaken as taken:
        other = taken.other.name if isinstance(taken.other, IndexedFunction) else "another"
        raise IndexFailed(
            f"Function {function.name}: {other} answers {template} already."
        ) from taken
    except ValueError as error:
        raise IndexFailed(f"Function {function.name}: route {template}: {error}.") from error
