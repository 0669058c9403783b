"""What operators read at night is so: log events, functions, ports, the status of problems."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from local.ports import Ports
from shared.errors import Refusal
from shared.http.problem import status_of
from shared.platform.settings import CAPABILITIES
from tests.docs.pages import ROOT, pages

SPEAKING = {"say", "warn", "fail"}


def log_events(source: str) -> Iterator[str]:
    """The first argument of each `say`, `warn` and `fail`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0]
            if node.func.id in SPEAKING and isinstance(first, ast.Constant):
                yield str(first.value)


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    yield kind
    for each in kind.__subclasses__():
        yield from refusals(each)


def function_names(text: str) -> set[str]:
    """What stands in backticks and is named as our functions are."""
    pattern = rf"`((?:{'|'.join(CAPABILITIES)})_[a-z0-9_]+)`"
    return set(re.findall(pattern, text))


def test_every_log_event_is_documented() -> None:
    sources = [path for room in ("functions", "shared") for path in (ROOT / room).rglob("*.py")]
    said = {event for path in sources for event in log_events(path.read_text(encoding="utf-8"))}
    page = (ROOT / "docs" / "operations" / "logs.md").read_text(encoding="utf-8")
    table = page.partition("| event | level |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)

    assert len(said) >= 15
    assert {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)} == said


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_functions_that_are_named_exist(page: Path) -> None:
    known = (ROOT / "tests" / "architecture" / "functions.txt").read_text(encoding="utf-8").split()
    assert function_names(page.read_text(encoding="utf-8")) - set(known) == set()


def test_every_timer_is_in_the_list_of_what_runs_by_itself() -> None:
    known = (ROOT / "tests" / "architecture" / "functions.txt").read_text(encoding="utf-8").split()
    page = (ROOT / "docs" / "operations" / "README.md").read_text(encoding="utf-8")
    timers = {name for name in known if "_every_" in name}

    assert timers
    assert timers - function_names(page) == set()


def test_every_problem_has_the_status_it_is_answered_with(functions: Iterable[Any]) -> None:
    """`functions` has imported every capability, and with it every refusal."""
    assert functions
    statuses = {kind.code: int(status_of(kind("..."))) for kind in refusals()}
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (\d+) \| (.+) \|$", page, re.MULTILINE)

    assert [row for row in rows if statuses.get(row[0], 500) != int(row[1])] == []
    assert [code for code, _, meaning in rows if not meaning.endswith((".", "`", ")"))] == []


def test_the_ports_of_the_local_azure_are_documented() -> None:
    page = (ROOT / "docs" / "local-azure.md").read_text(encoding="utf-8")
    table = page.partition("| part | port |")[2].partition("\n\n")[0]
    columns = [line.split("|")[2] for line in table.splitlines()[2:]]

    ports = {int(port) for column in columns for port in re.findall(r"\d+", column)}
    assert ports == set(asdict(Ports()).values())


def test_an_unknown_log_event_or_function_would_be_noticed() -> None:
    assert list(log_events('say("a.b", x=1)\nother("c.d")\nfail("e.f")')) == ["a.b", "e.f"]
    assert function_names("`trips_fly` and `trips.fly` and `fleet_fly`") == {"trips_fly"}
