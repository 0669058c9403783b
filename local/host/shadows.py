"""Routes that are never reached in Azure, because a function with an earlier name answers first."""

from collections.abc import Iterable, Iterator

from local.host.index import IndexedFunction
from local.host.routes import Match, RouteTable
from local.host.templates import Segment, parse

# One of these fits nearly every parameter; a route that none fits is left unjudged.
SAMPLES = (
    "~sample~",
    "sample",
    "1",
    "true",
    "2026-11-20",
    "00000000-0000-0000-0000-000000000001",
    "a.txt",
)


def shadowed(
    table: RouteTable[IndexedFunction],
    routes: Iterable[tuple[IndexedFunction, str, frozenset[str]]],
) -> Iterator[tuple[str, str, str]]:
    """Function, method and the other function that answers where the template itself leads."""
    for function, template, methods in routes:
        path = _sample(parse(template)[0].segments)
        if path is None:
            continue
        for method in sorted(methods) or ["GET"]:
            found = table.find(method, path)
            if isinstance(found, Match) and found.answers is not function:
                yield function.name, method, found.answers.name


def _sample(segments: Iterable[Segment]) -> tuple[str, ...] | None:
    path = []
    for segment in segments:
        text = segment.key if segment.is_literal else _fitting(segment)
        if text is None:
            return None
        path.append(text)
    return tuple(path)


def _fitting(segment: Segment) -> str | None:
    if segment.takes_rest:
        return "~sample~" if segment.admits(("~sample~",)) else None
    return next((text for text in SAMPLES if segment.read(text) is not None), None)
