"""The register of built-in functions, and the one rule most share: undefined in, undefined out."""

from collections.abc import Callable
from dataclasses import dataclass

from local.cosmos.query.values import UNDEFINED
from local.cosmos.wire import Value

Body = Callable[..., Value]
_ANY_NUMBER = 1_000


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """`body` gets evaluated arguments, `least` to `most` of them."""

    body: Body
    least: int
    most: int


BUILT_IN: dict[str, BuiltIn] = {}


def function(
    name: str, least: int, most: int | None = None, *, sees_undefined: bool = False
) -> Callable[[Body], Body]:
    """Register under `name`; `most` is `least` unless given; no undefined unless asked for."""

    def register(body: Body) -> Body:
        guarded = body if sees_undefined else _defined_only(body)
        BUILT_IN[name] = BuiltIn(guarded, least, least if most is None else most)
        return body

    return register


def variadic(name: str, least: int, *, sees_undefined: bool = False) -> Callable[[Body], Body]:
    return function(name, least, _ANY_NUMBER, sees_undefined=sees_undefined)


def _defined_only(body: Body) -> Body:
    def guarded(*arguments: Value) -> Value:
        if UNDEFINED in map(_marker, arguments):
            return UNDEFINED
        return body(*arguments)

    return guarded


def _marker(value: Value) -> Value:
    """Keeps `in` from comparing deeply."""
    return UNDEFINED if value is UNDEFINED else None
