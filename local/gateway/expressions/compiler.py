"""A tree to a function of the exchange; every name and kind in it is known beforehand."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from local.gateway.exchange import Exchange
from local.gateway.expressions.members import JSON_KINDS, METHODS, NAMES, PROPERTIES
from local.gateway.expressions.parser import parsed
from local.gateway.expressions.syntax import Binary, Call, Literal, Member, Name, New, Node, Not
from local.gateway.refusals import PolicyRefused, Refusal

Value = Callable[[Exchange], Any]
COMPARED = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """`kind` is what `value` gives: string, int, bool, headers, ..."""

    kind: str
    value: Value


def expression(source: str, *kinds: str) -> Value:
    """Of `@(...)`, which must give one of `kinds`. Raises PolicyRefused."""
    inner = source.strip()
    if not (inner.startswith("@(") and inner.endswith(")")):
        raise PolicyRefused(f"not a policy expression of one value: {inner[:60]}")
    try:
        compiled = _compiled(parsed(inner[2:-1]))
    except PolicyRefused as refused:
        raise PolicyRefused(f"{refused}, in {inner}") from None
    if compiled.kind not in kinds:
        raise PolicyRefused(f"{compiled.kind} where {' or '.join(kinds)} is needed, in {inner}")

    def value(exchange: Exchange) -> Any:
        try:
            return compiled.value(exchange)
        except (AttributeError, TypeError) as error:  # a null, as Operation of an unknown route
            raise Refusal(500, "Expression evaluation failed.") from error

    return value


def text(source: str) -> Callable[[Exchange], str]:
    """An expression or a plain text. Raises PolicyRefused."""
    plain = source.strip()
    if plain.startswith("@"):
        inner = expression(plain, "string", "guid", "int")
        return lambda exchange: str(inner(exchange))
    if "{{" in plain:
        raise PolicyRefused(f"there are no named values here: {plain}")
    return lambda _: plain


def _compiled(node: Node) -> Compiled:
    match node:
        case Literal(kind, constant):
            return Compiled(kind, lambda _: constant)
        case Name(name):
            return _named(name)
        case New(name, arguments):
            return _new(name, [_compiled(each) for each in arguments])
        case Binary(sign, left, right):
            return _binary(sign, _compiled(left), _compiled(right))
        case _:
            return _of_another(node)


def _of_another(node: Member | Call | Not) -> Compiled:
    of = _compiled(node.of)
    match node:
        case Member():
            return _member(of, node.name)
        case Call():
            return _call(of, node.name, [_compiled(each) for each in node.arguments])
        case Not():
            inner = _must_be("bool", of).value
            return Compiled("bool", lambda exchange: not inner(exchange))


def _named(name: str) -> Compiled:
    if name not in NAMES:
        raise PolicyRefused(f"unknown name {name}")
    return Compiled(NAMES[name], lambda exchange: exchange)


def _member(of: Compiled, name: str) -> Compiled:
    if (of.kind, name) not in PROPERTIES:
        raise PolicyRefused(f"unknown property {name} of {of.kind}")
    kind, get = PROPERTIES[of.kind, name]
    inner = of.value
    return Compiled(kind, lambda exchange: get(inner(exchange)))


def _call(of: Compiled, name: str, arguments: list[Compiled]) -> Compiled:
    given = tuple(each.kind for each in arguments)
    values = [of.value, *(each.value for each in arguments)]
    for takes, gives, called in METHODS.get((of.kind, name), ()):
        if takes == given:
            return Compiled(gives, partial(_called, called, values))
    raise PolicyRefused(f"unknown method {name}({', '.join(given)}) of {of.kind}")


def _called(method: Callable[..., Any], values: list[Value], exchange: Exchange) -> Any:
    return method(*(each(exchange) for each in values))


def _new(name: str, arguments: list[Compiled]) -> Compiled:
    values = [each.value for each in arguments]
    kinds = [each.kind for each in arguments]
    if name == "JObject" and set(kinds) <= {"property"}:
        return Compiled("object", lambda exchange: dict(each(exchange) for each in values))
    if name == "JProperty" and len(kinds) == 2 and kinds[0] == "string" and kinds[1] in JSON_KINDS:
        return Compiled("property", lambda exchange: tuple(each(exchange) for each in values))
    raise PolicyRefused(f"unknown constructor {name}({', '.join(kinds)})")


def _binary(sign: str, left: Compiled, right: Compiled) -> Compiled:
    first, second = left.value, right.value
    if sign in {"&&", "||"}:
        _must_be("bool", left)
        _must_be("bool", right)
        if sign == "&&":
            return Compiled("bool", lambda exchange: first(exchange) and second(exchange))
        return Compiled("bool", lambda exchange: first(exchange) or second(exchange))
    _must_be(left.kind, right)
    if sign == "+" and left.kind in {"string", "int"}:
        return Compiled(left.kind, lambda exchange: first(exchange) + second(exchange))
    if sign in {"==", "!="} or left.kind == "int":
        compared = COMPARED.get(sign)
        if compared is not None:
            return Compiled("bool", lambda exchange: compared(first(exchange), second(exchange)))
    raise PolicyRefused(f"{sign} does not join {left.kind} and {right.kind}")


def _must_be(kind: str, compiled: Compiled) -> Compiled:
    if compiled.kind != kind:
        raise PolicyRefused(f"{compiled.kind} where {kind} is needed")
    return compiled
