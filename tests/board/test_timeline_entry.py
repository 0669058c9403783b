"""Entries stand under their causes, and none of them is too large."""

from typing import Any

import pytest

from local.board.timelines.entry import LONGEST_TEXT, Entry, arranged, bounded
from tests.board.written import at


def entry(name: str, parent: str | None = None, seconds: float = 0) -> Entry:
    return Entry(id=name, at=at(seconds), kind="log", title=name, parent=parent)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([entry("b", "a", 2), entry("a"), entry("c", "a", 1)], [("a", 0), ("c", 1), ("b", 1)]),
        ([entry("a", "gone")], [("a", 0)]),
        ([entry("a", "a")], [("a", 0)]),
        ([entry("a", "b"), entry("b", "a", 1)], [("a", 0), ("b", 1)]),
        ([entry("x", "y", 5), entry("y", "x", 6), entry("a")], [("a", 0), ("x", 0), ("y", 1)]),
        ([], []),
    ],
)
def test_entries_stand_under_their_causes_also_where_causes_are_odd(
    entries: list[Entry], expected: list[tuple[str, int]]
) -> None:
    assert [(each.id, depth) for each, depth in arranged(entries)] == expected


def test_a_very_long_chain_of_causes_is_arranged() -> None:
    chain = [entry(str(n), str(n - 1) if n else None, n) for n in range(5000)]
    assert [depth for _, depth in arranged(chain)] == list(range(5000))


def test_details_are_bounded() -> None:
    deep: Any = "end"
    for _ in range(50):
        deep = {"deeper": deep}
    found = bounded({"text": "x" * 100_000, "list": [1] * 100_000, "deep": deep, "n": 1.5})
    assert len(found["text"]) < LONGEST_TEXT + 20
    assert len(found["list"]) == 200
    assert found["n"] == 1.5
    assert "end" not in str(found["deep"])
