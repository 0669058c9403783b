"""Settings, events and decisions are written down, all of them and no others."""

import re
from collections.abc import Iterable
from typing import Any

import pytest

from local import events
from shared.platform.settings import Settings
from tests.docs.pages import ROOT

SECTIONS = ("Context", "Decision", "Consequences", "Alternatives", "What enforces it")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def documented_settings(text: str) -> set[str]:
    """The names in the first column of every table."""
    cells = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def deployed_settings() -> set[str]:
    path = ROOT / "infra" / "bicep" / "modules" / "app-settings.bicep"
    names = re.findall(r"^    ([A-Z]\w*): ", path.read_text(encoding="utf-8"), re.MULTILINE)
    return set(names)


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    of_the_app = {field.alias for field in Settings.model_fields.values() if field.alias}
    known = of_the_app | deployed_settings() | {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"}

    assert len(deployed_settings()) >= 15
    assert documented_settings(text) == known


def test_the_reference_of_events_equals_the_code(functions: Iterable[Any]) -> None:
    """Else run `python -m local.events`."""
    page = events.FILE.read_text(encoding="utf-8")
    assert page == events.text(page, functions)


def test_a_stale_reference_is_noticed(functions: Iterable[Any]) -> None:
    page = events.FILE.read_text(encoding="utf-8")
    stale = page.replace("- `trip_id`: str\n", "", 1)

    assert stale != page
    assert events.text(stale, functions) == page
    assert events.text(page, []) != page


def test_every_event_is_in_the_reference() -> None:
    text = events.FILE.read_text(encoding="utf-8")
    types = [kind.type for kind in events.kinds()]

    assert len(types) == len(set(types)) >= 15
    assert re.findall(r"^### `([^`]+)`$", text, re.MULTILINE) == types


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: str(path.name))
def test_a_decision_has_all_its_sections(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {path.name[:4]} ")
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == SECTIONS
    assert text.count("\n") <= 60


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
