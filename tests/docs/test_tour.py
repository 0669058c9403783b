"""What the README's tour sends is what the API takes."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.docs.pages import ROOT, shell

CALL = re.compile(
    r'curl\b[^|]*?\s"?\$API(?P<path>/[^\s"?)]+)[^|]*?\s-d\s+'
    r"""(?:'(?P<plain>[^']*)'|"(?P<escaped>(?:\\.|[^"\\])*)")"""
)
NOW = "2026-11-20T14:00:00Z"


def bodies(text: str) -> Iterator[tuple[str, Any]]:
    """(path, JSON) of each curl that sends some, with made-up values for variables."""
    for each in text.split("curl -s"):
        if match := CALL.match("curl -s" + each):
            written = match["plain"] or match["escaped"].replace('\\"', '"')
            filled = re.sub(r"\$\w+", "some-value", re.sub(r"\$\([^)]*\)", NOW, written))
            yield match["path"], json.loads(filled)


def problems(path: str, body: Any) -> list[str]:
    document: Any = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    operation = next(
        operations["post"]
        for template, operations in document["paths"].items()
        if template.removeprefix("/api") == path
    )
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": document["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(body)]


TOUR = list(bodies(shell(ROOT / "README.md")))


def test_the_tour_sends_something() -> None:
    assert len(TOUR) >= 6


@pytest.mark.parametrize(("path", "body"), TOUR, ids=[path for path, _ in TOUR])
def test_what_the_tour_sends_is_taken(path: str, body: Any) -> None:
    assert problems(path, body) == []


def test_what_is_not_taken_is_noticed() -> None:
    text = 'curl -s $API/v1/geofences -H x -d \'{"name": "North", "form": 1}\' | part id'

    ((path, body),) = bodies(text)
    assert (path, body) == ("/v1/geofences", {"name": "North", "form": 1})
    assert len(problems(path, body)) >= 2
