"""`choose` and `return-response`: another way for some requests, or the end of theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from multidict import CIMultiDict

from local.gateway.exchange import Exchange, Reply
from local.gateway.expressions.compiler import Value, expression, text
from local.gateway.policies.changes import SetHeader, set_header
from local.gateway.policies.elements import attributes, children, number
from local.gateway.policies.step import Step
from local.gateway.refusals import PolicyRefused

Steps = Sequence[Step]


@dataclass(frozen=True, slots=True)
class Choose:
    """The first branch whose condition holds; `otherwise` is a branch that always does."""

    branches: tuple[tuple[Value, Steps], ...]

    async def apply(self, exchange: Exchange) -> Reply | None:
        for condition, steps in self.branches:
            if condition(exchange):
                return await run(steps, exchange)
        return None


@dataclass(frozen=True, slots=True)
class ReturnResponse:
    """An answer of the gateway's own; nothing that was to be answered before is left of it."""

    status: int
    reason: str | None
    headers: tuple[SetHeader, ...]
    body: Callable[[Exchange], str]

    async def apply(self, exchange: Exchange) -> Reply | None:
        headers: CIMultiDict[str] = CIMultiDict()
        for each in self.headers:
            each.change(headers, exchange)
        return Reply(self.status, self.reason, headers, self.body(exchange).encode())


async def run(steps: Steps, exchange: Exchange) -> Reply | None:
    """One after the other, until one replies."""
    for step in steps:
        reply = await step.apply(exchange)
        if reply is not None:
            return reply
    return None


def choose(element: Element, read: Callable[[Element], Steps]) -> Choose:
    """`read` makes steps of what stands in a branch. Raises PolicyRefused."""
    branches: list[tuple[Value, Steps]] = []
    for branch in element:
        if branch.tag == "when":
            condition = expression(attributes(branch, "condition")["condition"], "bool")
            branches.append((condition, read(branch)))
        elif branch.tag == "otherwise" and branch is element[-1]:
            branches.append((lambda _: True, read(branch)))
        else:
            raise PolicyRefused(f"<choose> has no place for <{branch.tag}>")
    return Choose(tuple(branches))


def return_response(element: Element) -> ReturnResponse:
    """Raises PolicyRefused."""
    attributes(element)
    parts = children(element, "set-status", "set-header", "set-body")
    status, reason = 200, None
    for each in parts["set-status"]:
        given = attributes(each, "code", reason="")
        status, reason = number("code", given["code"]), given["reason"] or None
    bodies = [each.text or "" for each in parts["set-body"]]
    if len(bodies) > 1:
        raise PolicyRefused("<return-response> has more than one <set-body>")
    headers = tuple(set_header(each, of_answer=True) for each in parts["set-header"])
    return ReturnResponse(status, reason, headers, text("".join(bodies)))
