"""The table of OWASP ASVS 5.0.0 says what is proven, and each proof is a test that lives."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "security" / "asvs.md"
# Chapters 6 to 9: the requirements of each section, by level.
SECTIONS: dict[str, dict[int, str]] = {
    "6.1": {1: "1", 2: "2 3"},
    "6.2": {1: "1 2 3 4 5 6 7 8", 2: "9 10 11 12"},
    "6.3": {1: "1 2", 2: "3 4", 3: "5 6 7 8"},
    "6.4": {1: "1 2", 2: "3 4", 3: "5 6"},
    "6.5": {2: "1 2 3 4 5", 3: "6 7 8"},
    "6.6": {2: "1 2 3", 3: "4"},
    "6.7": {3: "1 2"},
    "6.8": {2: "1 2 3 4"},
    "7.1": {2: "1 2 3"},
    "7.2": {1: "1 2 3 4"},
    "7.3": {2: "1 2"},
    "7.4": {1: "1 2", 2: "3 4 5"},
    "7.5": {2: "1 2", 3: "3"},
    "7.6": {2: "1 2"},
    "8.1": {1: "1", 2: "2", 3: "3 4"},
    "8.2": {1: "1 2", 2: "3", 3: "4"},
    "8.3": {1: "1", 3: "2 3"},
    "8.4": {2: "1", 3: "2"},
    "9.1": {1: "1 2 3"},
    "9.2": {1: "1", 2: "2 3 4"},
}
LEVELS = {
    f"{section}.{number}": level
    for section, levels in SECTIONS.items()
    for level, numbers in levels.items()
    for number in numbers.split()
}
NOT_YET = {
    "6.2.6": "pages",
    "6.2.7": "pages",
    "6.2.12": "only 31",
    "6.3.3": "by default",
    "6.6.1": "pages",
    "6.8.1": "identity providers",
    "6.8.2": "identity providers",
    "6.8.4": "identity providers",
    "7.4.4": "pages",
    "7.6.1": "identity providers",
}
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
DEAD = re.compile(r"\b(skip|xfail)\b")


def rows(text: str) -> dict[str, tuple[int, str, str]]:
    """Level, what is asked, and the proof, by requirement. A double raises."""
    found: dict[str, tuple[int, str, str]] = {}
    for line in re.findall(r"^\| \d+\.\d+\.\d+ \|.*$", text, re.MULTILINE):
        requirement, level, asked, proof = (cell.strip() for cell in line.strip("| ").split(" | "))
        assert requirement not in found, requirement
        found[requirement] = int(level), asked, proof
    return found


@cache
def living(path: Path) -> frozenset[str]:
    """The tests of a file that run."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not any(DEAD.search(ast.unparse(each)) for each in node.decorator_list)
    )


def dead_proofs(proof: str) -> list[str]:
    return [
        f"{path}::{name}"
        for path, name in TEST.findall(proof)
        if not (ROOT / path).exists() or name not in living(ROOT / path)
    ]


def unproven(table: dict[str, tuple[int, str, str]]) -> list[str]:
    """Rows of levels 1 and 2 that no test stands behind, and that do not say so."""
    return [
        requirement
        for requirement, (level, _, proof) in table.items()
        if level < 3 and not TEST.search(proof) and not proof.startswith("not yet: ")
    ]


TABLE = rows(PAGE.read_text(encoding="utf-8"))


def test_these_are_the_requirements() -> None:
    counted = [list(LEVELS.values()).count(level) for level in (1, 2, 3)]
    assert counted == [27, 40, 19]
    assert {name: level for name, (level, *_) in TABLE.items()} == LEVELS


@pytest.mark.parametrize("requirement", LEVELS)
def test_every_proof_is_a_test_that_lives(requirement: str) -> None:
    assert dead_proofs(TABLE[requirement][2]) == []


def test_every_row_has_a_proof_or_says_that_it_has_none() -> None:
    assert unproven(TABLE) == []


def test_what_is_not_yet_done_is_known() -> None:
    told = {
        name: proof
        for name, (level, _, proof) in TABLE.items()
        if level < 3 and proof.startswith("not yet")
    }
    assert set(told) == set(NOT_YET)
    for name, why in NOT_YET.items():
        assert why in told[name], name


def test_the_sum_at_the_top_is_right() -> None:
    met = sum(level < 3 for level in LEVELS.values()) - len(NOT_YET)
    text = PAGE.read_text(encoding="utf-8")
    assert f"{met} of the 67 requirements of levels 1 and 2 are met" in text


def test_every_row_of_level_3_says_how_far_it_is() -> None:
    beginnings = ("done", "partly: ", "not done: ")
    loose = [
        name
        for name, (level, _, proof) in TABLE.items()
        if level == 3 and not proof.startswith(beginnings)
    ]
    assert loose == []
    without = [
        name
        for name, (level, _, proof) in TABLE.items()
        if level == 3 and proof.startswith("done") and not TEST.search(proof)
    ]
    assert without == []


def test_a_test_that_is_gone_is_noticed() -> None:
    here = "tests/security/test_asvs.py"
    assert dead_proofs(f"`{here}::test_these_are_the_requirements`") == []
    assert dead_proofs(f"`{here}::test_that_is_gone`") == [f"{here}::test_that_is_gone"]
    assert dead_proofs("`tests/security/gone.py::test_a`") == ["tests/security/gone.py::test_a"]


def test_a_row_without_a_test_is_noticed() -> None:
    text = "| 6.1.1 | 1 | Something | trust us |\n| 6.1.2 | 2 | Something | not yet: pages |\n"
    assert unproven(rows(text)) == ["6.1.1"]


def test_a_skipped_test_is_none(tmp_path: Path) -> None:
    file = tmp_path / "test_x.py"
    file.write_text("@pytest.mark.skip\ndef test_a() -> None: ...\n\ndef test_b() -> None: ...\n")
    assert living(file) == {"test_b"}
