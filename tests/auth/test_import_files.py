"""What an import is given and what it gives back: files that are none, reports that are safe."""

import csv
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.auth.api import imports as api
from functions.auth.domain import import_files
from functions.auth.domain.import_files import csv_rows, json_rows
from functions.auth.domain.import_report import FORMULAS, report
from functions.auth.domain.imports import Outcome, Problem, Result
from shared.errors import Refusal
from tests.auth.importing import begin, imported, jobs, many
from tests.support.http import call, somebody

pytestmark = pytest.mark.usefixtures("records")


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        ("email\n", "text/csv", 422, "unreadable-import"),
        ("", "text/csv", 422, "unreadable-import"),
        ("name\nAnn\n", "text/csv", 422, "unreadable-import"),
        ("email,password\na@example.com,x\n", "text/csv", 422, "unreadable-import"),
        ("email,email\na@example.com,x\n", "text/csv", 422, "unreadable-import"),
        ('email,name\n"a@example.com,x\n', "text/csv", 400, "malformed"),
        (b"email\n\xff@example.com\n", "text/csv", 400, "malformed"),
        ("email\n" + "x" * 200_000 + "\n", "text/csv", 400, "malformed"),
        ("{}", "application/json", 422, "unreadable-import"),
        ("[]", "application/json", 422, "unreadable-import"),
        ("[" * 100_000, "application/json", 400, "malformed"),
        ("no json", "application/json", 400, "malformed"),
        ("email\na@example.com", "application/xml", 415, "unsupported-media-type"),
        ("email\na@example.com", "", 415, "unsupported-media-type"),
        ("x" * (5 * 1024 * 1024 + 1), "text/csv", 413, "too-large"),
        ("email\n" + "a@b.de\n" * 20_001, "text/csv", 413, "too-many-rows"),
    ],
)
async def test_what_is_no_table_of_people_is_refused(
    tenant: str, content: str | bytes, media_type: str, status: int, code: str
) -> None:
    answer = await begin(tenant, content, media_type)
    assert (answer.status, answer.code) == (status, code)
    assert await jobs(tenant) == []


async def test_lists_hold_odd_things_too(tenant: str) -> None:
    odd: list[Any] = [
        "ann@example.com",
        {"email": "a@example.com", "name": 7},
        {"email": "b@example.com", "name": {"first": "B"}},
        {"email": "c@example.com", "name": "C", "=cmd()": "x"},
        {"email": "d@example.com", "name": "\ud800"},
        {"email": "e@example.com", "name": "E", "roles": ["driver", 1]},
        {"email": "f@example.com", "name": "F", "roles": ["driver"], "phone": None},
        {"name": "nobody"},
        {"email": "", "name": "nobody"},
    ]
    run, lines = await imported(tenant, odd)

    assert (run["created"], run["failed"]) == (1, 8)
    assert [line["line"] for line in lines if line["outcome"] == "created"] == ["7"]
    assert lines[3]["field"] == "'=cmd()"


async def test_other_tenants_know_nothing_of_it(tenant: str) -> None:
    begun = await begin(tenant, many(1))
    for function in (api.read_import, api.read_report):
        answer = await call(
            function,
            method="GET",
            caller=somebody(f"{tenant}-other"),
            import_id=begun.json["id"],
        )
        assert answer.status == 404


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=5))
def test_no_cell_of_a_report_is_a_formula(cells: list[tuple[str, str]]) -> None:
    problems = tuple(Problem(at=at, problem=text) for at, text in cells)
    written = report([Result(line=1, outcome=Outcome.FAILED, problems=problems)], everything=False)
    read_back = list(csv.reader(StringIO(written.decode("utf-8-sig"), newline="")))
    assert len(read_back) == 1 + len(cells)
    assert not any(cell.startswith(FORMULAS) for line in read_back for cell in line)


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_are_refused(content: bytes) -> None:
    for reader in (csv_rows, json_rows):
        try:
            rows = reader(b"email,name\n" + content if reader is csv_rows else content)
        except Refusal:
            continue
        assert 0 < len(rows) <= import_files.MOST_ROWS
