"""A whole policy document: its sections, read at the start so that nothing fails later."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from local.gateway.policies.changes import set_header, set_query_parameter
from local.gateway.policies.choices import choose, return_response
from local.gateway.policies.cors import Cors, cors
from local.gateway.policies.rate_limit import rate_limit_by_key
from local.gateway.policies.step import Step, Surroundings
from local.gateway.policies.tokens import validate_jwt
from local.gateway.refusals import PolicyRefused

SECTIONS = ("inbound", "backend", "outbound", "on-error")
Build = Callable[[Element], Step | None]


@dataclass(frozen=True, slots=True)
class Policies:
    """`backend` has nothing but the forwarding that every gateway does."""

    inbound: tuple[Step, ...]
    outbound: tuple[Step, ...]
    on_error: tuple[Step, ...]

    @property
    def cors(self) -> Cors | None:
        """What answers browsers that ask before they call."""
        return next((each for each in self.inbound if isinstance(each, Cors)), None)


def policies(document: str, around: Surroundings) -> Policies:
    """Raises PolicyRefused with everything that this gateway cannot follow."""
    try:
        root = fromstring(document)
    except (ParseError, DefusedXmlException) as error:
        raise PolicyRefused(f"The policy is no XML: {error}") from None
    reading = Reading(around)
    read = {section.tag: reading.section(section) for section in root}
    if root.tag != "policies" or set(read) != set(SECTIONS):
        reading.problems.append(f"<policies> has the sections {', '.join(SECTIONS)}, each once")
    if reading.problems:
        raise PolicyRefused("The local gateway cannot follow: " + "; ".join(reading.problems))
    return Policies(read["inbound"], read["outbound"], read["on-error"])


class Reading:
    """Goes on after a problem, so that all of them are told at once."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self.problems: list[str] = []

    def section(self, section: Element) -> tuple[Step, ...]:
        return self._steps(section.tag, section)

    def _steps(self, section: str, parent: Element) -> tuple[Step, ...]:
        builders = self._builders(section)
        found = (self._step(builders, section, each) for each in parent)
        return tuple(step for step in found if step is not None)

    def _step(self, builders: dict[str, Build], section: str, element: Element) -> Step | None:
        if element.tag not in builders:
            self.problems.append(f"<{element.tag}> in {section}")
            return None
        try:
            return builders[element.tag](element)
        except PolicyRefused as refused:
            self.problems.append(f"<{element.tag}> in {section}: {refused}")
            return None

    def _builders(self, section: str) -> dict[str, Build]:
        """What may stand in a section; `base` is what the whole service adds, which is nothing."""
        if section == "backend":
            return {"base": _nothing, "forward-request": _forwarding}
        anywhere: dict[str, Build] = {
            "base": _nothing,
            "choose": partial(choose, read=partial(self._steps, section)),
            "return-response": return_response,
            "set-header": partial(set_header, of_answer=section != "inbound"),
        }
        if section != "inbound":
            return anywhere
        return {
            **anywhere,
            "cors": cors,
            "set-query-parameter": set_query_parameter,
            "rate-limit-by-key": partial(rate_limit_by_key, monotonic_s=self._around.monotonic_s),
            "validate-jwt": partial(validate_jwt, around=self._around),
        }


def _nothing(_: Element) -> None:
    return None


def _forwarding(element: Element) -> None:
    if element.attrib:
        raise PolicyRefused(f"attributes {', '.join(element.attrib)}")
