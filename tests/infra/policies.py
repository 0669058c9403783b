"""The gateway's policy as apim/api.bicep puts it together, and what may stand in which section."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from tests.infra.bicep import FOLDER

APIM = FOLDER / "apim"
Json = dict[str, Any]

# After https://learn.microsoft.com/azure/api-management/api-management-policies: what this gateway
# uses or might use, section by section. Not the whole reference.
ANYWHERE = {"base", "choose", "return-response", "set-header", "set-status", "set-variable"}
ALLOWED = {
    "inbound": ANYWHERE
    | {"check-header", "cors", "ip-filter", "include-fragment", "limit-concurrency", "rate-limit"}
    | {"quota", "quota-by-key", "rate-limit-by-key", "rewrite-uri", "send-request", "set-body"}
    | {"set-query-parameter", "validate-azure-ad-token", "validate-jwt", "validate-content"},
    "backend": {"base", "forward-request", "limit-concurrency", "retry"},
    "outbound": ANYWHERE | {"set-body", "validate-content", "validate-headers"},
    "on-error": ANYWHERE | {"find-and-replace", "send-request", "log-to-eventhub"},
}
NOT_ON_CONSUMPTION = {"rate-limit-by-key", "quota-by-key"}
IN_CHOICES = {"when", "otherwise"}
IN_ANSWERS = {"set-status", "set-header", "set-body"}


@dataclass(frozen=True)
class Gateway:
    """What apim/api.bicep is given."""

    origins: tuple[str, ...] = ("https://app.example.com",)
    limits_rates: bool = False
    verifies_tokens: bool = False
    public_base_url: str = "https://gateway.example.com"
    calls_per_minute: int = 600


def composed(gateway: Gateway, public: Iterable[str]) -> str:
    """The same replacements, in the same order, as the `var`s of apim/api.bicep."""
    rate = _source("rate-limit.xml").replace("CALLS_PER_MINUTE", str(gateway.calls_per_minute))
    check = _source("validate-jwt.xml").replace("ISSUER", f"{gateway.public_base_url}/api")
    origins = "</origin><origin>".join(gateway.origins or (gateway.public_base_url,))
    policy = _source("api.xml")
    policy = policy.replace("<origin>ALLOWED_ORIGINS</origin>", f"<origin>{origins}</origin>")
    policy = policy.replace("PUBLIC_OPERATIONS", ",".join(public))
    policy = policy.replace("<!-- TOKEN_CHECK -->", check if gateway.verifies_tokens else "")
    return policy.replace("<!-- RATE_LIMIT -->", rate if gateway.limits_rates else "")


def _source(name: str) -> str:
    return (APIM / name).read_text(encoding="utf-8")


def problems(policy: str, *, consumption: bool) -> list[str]:
    """Policies where they may not stand, and expressions that do not end. Raises on broken XML."""
    root: Element = fromstring(policy)
    found = [] if root.tag == "policies" else [f"{root.tag} is no policies"]
    for section in root:
        if section.tag not in ALLOWED:
            found.append(f"there is no section {section.tag}")
            continue
        for element in _policies(section):
            if element.tag not in ALLOWED[section.tag]:
                found.append(f"{section.tag} does not take {element.tag}")
            if consumption and element.tag in NOT_ON_CONSUMPTION:
                found.append(f"the Consumption tier has no {element.tag}")
            found += _answer_problems(element)
    return found + [f"unbalanced: {each[:40]}" for each in _expressions(root) if not _ends(each)]


def _policies(section: Element) -> Iterator[Element]:
    """Also those within choices."""
    for element in section:
        yield element
        if element.tag == "choose":
            for branch in element:
                if branch.tag in IN_CHOICES:
                    yield from _policies(branch)


def _answer_problems(element: Element) -> list[str]:
    if element.tag == "choose":
        return [f"choose has no {each.tag}" for each in element if each.tag not in IN_CHOICES]
    if element.tag == "return-response":
        wrong = (each.tag for each in element if each.tag not in IN_ANSWERS)
        return [f"return-response does not take {tag}" for tag in wrong]
    return []


def _expressions(root: Element) -> Iterator[str]:
    for element in root.iter():
        for value in (element.text or "", *element.attrib.values()):
            if value.strip().startswith("@"):
                yield value.strip()


def _ends(expression: str) -> bool:
    """Parentheses and quotes pair off."""
    without_strings = re.sub(r'"[^"]*"|\'[^\']*\'', "", expression)
    pairs = without_strings.count("(") == without_strings.count(")")
    return pairs and not set("\"'") & set(without_strings) and expression.endswith(")")


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Method, path and operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def exposed(document: Json) -> Json:
    """As `exposed` in apim/api.bicep: paths without an operation that needs a key of the host."""
    paths = {
        path: methods
        for path, methods in document["paths"].items()
        if not any(each["x-permission"] == "host-key" for each in methods.values())
    }
    return {**document, "paths": paths}


def public(document: Json) -> list[str]:
    """As `open` in apim/api.bicep: what needs no token."""
    return [
        f"{method} {path}"
        for method, path, operation in operations(exposed(document))
        if operation["x-permission"] == "public"
    ]
