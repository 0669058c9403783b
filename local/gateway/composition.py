"""The gateway's policy and operations, put together from the same files as apim/api.bicep does."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from local.gateway.operations import Operation
from local.gateway.refusals import PolicyRefused
from local.process import ROOT

APIM = ROOT / "infra" / "bicep" / "apim"
OPENAPI = ROOT / "docs" / "openapi-3.0.json"
API_PATH = re.compile(r"^    path: '([\w/-]+)'$", re.MULTILINE)
CALLS_PER_MINUTE = re.compile(r"^param callsPerMinute int = (\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What apim/api.bicep is given; without `calls_per_minute`, its own default."""

    public_base_url: str
    origins: tuple[str, ...] = ()
    limits_rates: bool = True
    verifies_tokens: bool = False
    calls_per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """`api_path` is where the API begins, as `/api`."""

    policy: str
    operations: tuple[Operation, ...]
    api_path: str


def composed(given: Parameters, apim: Path = APIM, openapi: Path = OPENAPI) -> Composition:
    """Raises PolicyRefused when a file is missing or is not what it should be."""
    try:
        template = _text(apim / "api.bicep")
        document = json.loads(_text(openapi))
        policy = _policy(given, template, apim, _public(document))
        operations = tuple(each for each, _ in _exposed(document))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PolicyRefused(f"Of the gateway's files: {error}") from error
    return Composition(policy, operations, f"/{_found(API_PATH, template)}")


def _policy(given: Parameters, template: str, apim: Path, public: Iterable[str]) -> str:
    calls = given.calls_per_minute or int(_found(CALLS_PER_MINUTE, template))
    rate_limit = _text(apim / "rate-limit.xml").replace("CALLS_PER_MINUTE", str(calls))
    issuer = escape(f"{given.public_base_url}/api")
    token_check = _text(apim / "validate-jwt.xml").replace("ISSUER", issuer)
    origins = [escape(each) for each in given.origins or (given.public_base_url,)]
    policy = _text(apim / "api.xml")
    for placeholder, text in (
        (
            "<origin>ALLOWED_ORIGINS</origin>",
            "".join(f"<origin>{each}</origin>" for each in origins),
        ),
        ("PUBLIC_OPERATIONS", ",".join(public)),
        ("<!-- TOKEN_CHECK -->", token_check if given.verifies_tokens else ""),
        ("<!-- RATE_LIMIT -->", rate_limit if given.limits_rates else ""),
    ):
        if placeholder not in policy:
            raise PolicyRefused(f"api.xml has no {placeholder}")
        policy = policy.replace(placeholder, text)
    return policy


def _exposed(document: dict[str, Any]) -> Iterator[tuple[Operation, str]]:
    """Each operation with its permission, without paths that need a key of the host."""
    for path, methods in document["paths"].items():
        if all(each["x-permission"] != "host-key" for each in methods.values()):
            for method, each in methods.items():
                yield Operation(method.upper(), path), each["x-permission"]


def _public(document: dict[str, Any]) -> Iterator[str]:
    for operation, permission in _exposed(document):
        if permission == "public":
            yield f"{operation.method} {operation.url_template}"


def _found(pattern: re.Pattern[str], template: str) -> str:
    match = pattern.search(template)
    if match is None:
        raise PolicyRefused(f"api.bicep has no line like {pattern.pattern}")
    return match[1]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
