"""Files are short, domains are pure."""

from pathlib import Path

import pytest

from tests.architecture import rules

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("functions", "shared", "local", "tests", "benchmarks")


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if "node_modules" not in path.parts]


def domains() -> list[Path]:
    return [
        path
        for path in sources("functions")
        if path.name == "domain.py" or "domain" in path.parent.parts[-1:]
    ]


def test_nothing_is_too_long() -> None:
    long = [
        finding
        for path in sources(*FOLDERS)
        for finding in rules.too_long(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    ]
    assert long == []


def test_domains_are_pure() -> None:
    findings = [
        finding
        for path in domains()
        for finding in rules.impure(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    ]
    assert len(domains()) >= 2
    assert findings == []


def test_long_code_is_noticed() -> None:
    function = "def f():\n" + "    x = 1\n" * 51

    assert list(rules.too_long(Path("a.py"), "x = 1\n" * 401)) == ["a.py: 401 lines"]
    assert list(rules.too_long(Path("a.py"), function)) == ["a.py: f has 52 lines"]


@pytest.mark.parametrize(
    "line",
    [
        "async def f(): pass",
        "at = datetime.now(UTC)",
        "key = uuid4()",
        "import random",
        "from secrets import token_hex",
    ],
)
def test_an_impure_domain_is_noticed(line: str) -> None:
    assert list(rules.impure(Path("domain.py"), line))
