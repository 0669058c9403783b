"""What readers are told to type exists: verbs, modules, routes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from local.__main__ import VERBS
from tests.docs.pages import ROOT, pages, prose, shell

MAKE = re.compile(r"\bmake ([a-z]+)\b")
VERB = re.compile(r"\bpython3? -m local ([a-z]+)\b")
MODULE = re.compile(r"\bpython3? -m (local\.[a-z.]*[a-z])")
CURL = re.compile(r'curl\b(?P<options>[^|\n]*?)\s"?\$API/(?P<path>[^\s"?]+)(?P<more>[^|\n]*)')
VALUE = re.compile(r"\$\w+|(?<=/)\d+(?=/|$)")
SPOKEN = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (?:/api/)(\S+?)[`?]")


def makefile() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):.*##", text, re.MULTILINE))


def code(page: Path) -> str:
    """Shell blocks, and what stands in backticks in sentences."""
    return "\n".join([shell(page), *re.findall(r"`([^`]+)`", prose(page))])


def calls(text: str) -> list[tuple[str, str]]:
    """(method, path) of each curl, variables and numbers in a path as parameters."""
    found = []
    for match in CURL.finditer(text):
        options = match["options"] + match["more"]
        asked = re.search(r"-X (\w+)", options)
        method = asked[1] if asked else "POST" if re.search(r"\s-d\s", options) else "GET"
        found.append((method, "/" + VALUE.sub("{}", match["path"].rstrip(")"))))
    return found


def routes() -> set[tuple[str, str]]:
    document: Any = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    return {
        (method.upper(), re.sub(r"{[^}]*}", "{}", path).removeprefix("/api"))
        for path, operations in document["paths"].items()
        for method in operations
    }


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist(page: Path) -> None:
    text = code(page)
    assert set(MAKE.findall(text)) <= makefile()
    assert set(VERB.findall(text)) <= set(VERBS)
    missing = [
        name
        for name in MODULE.findall(text)
        if not (ROOT / f"{name.replace('.', '/')}.py").exists()
        and not (ROOT / name.replace(".", "/") / "__main__.py").exists()
    ]
    assert missing == []


def test_the_readme_names_its_two_commands() -> None:
    assert {"demo", "test"} <= set(MAKE.findall(shell(ROOT / "README.md")))


def test_the_tour_calls_routes_that_exist() -> None:
    tour = calls(shell(ROOT / "README.md"))

    assert len(tour) >= 12
    assert [call for call in tour if call not in routes()] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_routes_in_sentences_exist(page: Path) -> None:
    spoken = [
        (method, "/" + re.sub(r"{[^}]*}", "{}", path))
        for method, path in SPOKEN.findall(page.read_text(encoding="utf-8"))
    ]
    assert [route for route in spoken if route not in routes()] == []


def test_methods_and_parameters_are_understood() -> None:
    text = (
        "curl -s $API/v1/me -H x\n"
        'T=$(curl -s $API/v1/users -d "{}" | part id)\n'
        "curl -X DELETE $API/v1/users/$USER/7"
    )
    assert calls(text) == [("GET", "/v1/me"), ("POST", "/v1/users"), ("DELETE", "/v1/users/{}/{}")]
