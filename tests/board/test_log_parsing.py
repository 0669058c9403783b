"""From bytes to lines: the host's JSON, other parts' text, and what nobody should have written."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.board.log.line import LEVELS, Line
from local.board.log.parsing import LONGEST, Before, parsed
from tests.board.written import NOW_US, at, ended, line, said

BEFORE = Before(NOW_US, "INFO")


def read(raw: bytes, before: Before = BEFORE) -> Line:
    return parsed("host", raw, before)


def test_a_line_of_the_app_is_found_by_its_ids() -> None:
    found = read(said(1, "http.answered", "i-1", "c-1", status=201))
    assert (found.event, found.invocation_id, found.correlation_id) == (
        "http.answered",
        "i-1",
        "c-1",
    )
    assert found.at == at(1)
    assert found.fields["status"] == 201
    assert not found.ends_run


def test_the_end_of_a_run_is_known_by_its_logger_alone() -> None:
    assert read(ended(1, "trips_plan", "i-1", 12.5)).ends_run
    assert read(ended(1, "trips_plan", "i-1", 12.5)).duration_ms == 12.5
    pretended = said(1, "invocation", "i-1", "c-1", function="trips_plan")
    assert not read(pretended).ends_run


@pytest.mark.parametrize(
    ("raw", "level"),
    [
        (b"WARNING the disk is nearly full", "WARNING"),
        (b"2026-11-20 14:00:05,250 ERROR cannot start", "ERROR"),
        (b"ERROR:aiohttp.access:127.0.0.1", "ERROR"),
        (b"[WARN] an old way of writing it", "WARNING"),
        (b"Azurite Blob service is starting", "INFO"),
        (b"INFORMATION is no level", "INFO"),
        (b"Traceback (most recent call last):", "ERROR"),
    ],
)
def test_text_says_its_level_or_is_taken_for_information(raw: bytes, level: str) -> None:
    assert read(raw).level == level


def test_the_lines_of_a_stack_go_with_the_line_before() -> None:
    before = Before(NOW_US, "ERROR")
    assert read(b'  File "x.py", line 1', before).level == "ERROR"
    assert read(b"a new sentence", before).level == "INFO"


def test_text_with_a_time_keeps_it_and_text_without_takes_the_one_before() -> None:
    assert read(b"2026-11-20T14:00:05.250Z INFO here").at == at(5.25)
    assert read(b"INFO here").at_us == NOW_US


def test_a_time_without_a_zone_is_the_machines_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert read(b"2026-11-20 23:00:05,250 INFO here").at == at(5.25)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "raw",
    [
        b'{"time": "2026-11-20T14:00',
        b"{not json",
        b'["a list"]',
        b"{" * 5000,
        b"\xff\xfe\x00 no text at all",
        b'{"event": "\\ud800"}',
    ],
)
def test_a_broken_line_is_shown_as_text(raw: bytes) -> None:
    found = read(raw)
    assert not found.is_json
    assert found.text


@pytest.mark.parametrize(
    "fields",
    [
        {"event": {"a": 1}, "function": 7, "correlation_id": None, "invocation_id": [1]},
        {"time": "yesterday", "level": "LOUD"},
        {"time": "9999-12-31T23:59:59+14:00", "duration_ms": "long"},
        {"time": 12, "duration_ms": 10**400},
        {"duration_ms": True},
    ],
)
def test_fields_of_another_kind_than_promised_are_no_ids(fields: dict[str, object]) -> None:
    raw = json.dumps({"level": "INFO", **fields}).encode()
    found = read(raw)
    assert (found.event, found.function, found.correlation_id) == ("", "", "")
    assert found.duration_ms is None
    assert found.level in LEVELS


def test_a_huge_line_is_cut_and_still_found_by_its_ids() -> None:
    raw = line(1, event="big", correlation_id="c-1", body="x" * 900_000, more=["y" * 90_000] * 9)
    found = read(raw)
    assert len(found.raw) <= LONGEST
    assert found.correlation_id == "c-1"
    assert found.fields["body"].endswith("(cut)")
    assert len(read(b"INFO " + b"x" * 900_000).raw) <= LONGEST + 20


def test_a_huge_name_does_not_become_a_huge_key() -> None:
    assert len(read(line(1, event="e" * 50_000)).event) <= 200


@given(st.binary(max_size=300))
def test_no_bytes_break_it(raw: bytes) -> None:
    found = read(raw)
    assert found.level in LEVELS
    assert isinstance(found.fields, dict)


@given(
    st.dictionaries(
        st.sampled_from(["time", "level", "event", "duration_ms", "message", "invocation_id"]),
        st.one_of(st.none(), st.floats(), st.integers(), st.text(), st.lists(st.integers())),
    )
)
def test_no_fields_break_it(fields: dict[str, object]) -> None:
    assert read(json.dumps(fields).encode()).level in LEVELS
