"""`set-header` and `set-query-parameter`: what goes on differs from what came."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote_plus
from xml.etree.ElementTree import Element

from multidict import CIMultiDict

from local.gateway.exchange import Exchange, Reply
from local.gateway.expressions.compiler import text
from local.gateway.policies.elements import attributes, children
from local.gateway.refusals import PolicyRefused

ACTIONS = {"override", "skip", "append", "delete"}
Texts = tuple[Callable[[Exchange], str], ...]


@dataclass(frozen=True, slots=True)
class SetHeader:
    """Of the request in `inbound`, of the answer elsewhere."""

    name: str
    action: str
    values: Texts
    of_answer: bool

    async def apply(self, exchange: Exchange) -> Reply | None:
        self.change(exchange.answer.headers if self.of_answer else exchange.headers, exchange)
        return None

    def change(self, headers: CIMultiDict[str], exchange: Exchange) -> None:
        if self.action == "skip" and self.name in headers:
            return
        if self.action in {"override", "delete"}:
            headers.popall(self.name, None)
        for value in self.values:
            headers.add(self.name, value(exchange))


@dataclass(frozen=True, slots=True)
class SetQueryParameter:
    """Other parameters stay byte for byte as they came; names are compared without case."""

    name: str
    action: str
    values: Texts

    async def apply(self, exchange: Exchange) -> Reply | None:
        pairs = [each for each in exchange.query.split("&") if each]
        mine = [each for each in pairs if self._is_mine(each)]
        if self.action == "skip" and mine:
            return None
        if self.action in {"override", "delete"}:
            pairs = [each for each in pairs if not self._is_mine(each)]
        pairs += [f"{quote(self.name)}={quote(value(exchange))}" for value in self.values]
        exchange.query = "&".join(pairs)
        return None

    def _is_mine(self, pair: str) -> bool:
        return unquote_plus(pair.partition("=")[0]).strip().lower() == self.name.lower()


def set_header(element: Element, *, of_answer: bool) -> SetHeader:
    """Raises PolicyRefused."""
    name, action, values = _change(element)
    return SetHeader(name, action, values, of_answer)


def set_query_parameter(element: Element) -> SetQueryParameter:
    """Raises PolicyRefused."""
    return SetQueryParameter(*_change(element))


def _change(element: Element) -> tuple[str, str, Texts]:
    given = attributes(element, "name", exists_action="override")
    action = given["exists-action"]
    if action not in ACTIONS:
        raise PolicyRefused(f"unknown exists-action {action} of {given['name']}")
    values = children(element, "value")["value"]
    if bool(values) == (action == "delete"):
        raise PolicyRefused(f"{given['name']}: {action} with {len(values)} values")
    return given["name"], action, tuple(text(each.text or "") for each in values)
