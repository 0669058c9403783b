"""`make test` runs all tests in two groups, and forgets none."""

from local.testing import TESTS, groups


def test_every_test_is_in_exactly_one_group() -> None:
    first, second = groups()
    folders = [TESTS.parent / each for each in (*first, *second)]
    files = [file for folder in folders for file in folder.rglob("test_*.py")]
    assert len(files) == len(set(files))
    kept = {file for file in TESTS.rglob("test_*.py") if "node_modules" not in file.parts}
    assert {file for file in files if "node_modules" not in file.parts} == kept
