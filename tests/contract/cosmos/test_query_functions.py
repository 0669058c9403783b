"""The built-in functions, one line each."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.cosmos.query.functions.registry import BUILT_IN
from local.cosmos.query.values import UNDEFINED
from local.cosmos.wire import encode
from tests.contract.cosmos.test_three_valued_logic import JSON, evaluate

U = UNDEFINED
DAY = "'2026-01-31T12:30:45.1234567Z'"

CASES: list[tuple[str, Any]] = [
    ("LOWER('ÄB')", "äb"),
    ("UPPER(1)", U),
    ("LENGTH('abc')", 3),
    ("REVERSE('abc')", "cba"),
    ("TRIM('  a ')", "a"),
    ("LTRIM('xxa', 'x')", "a"),
    ("RTRIM('a  ')", "a"),
    ("SUBSTRING('abcdef', 2, 3)", "cde"),
    ("LEFT('abc', 2)", "ab"),
    ("RIGHT('abc', 2)", "bc"),
    ("RIGHT('abc', 0)", ""),
    ("REPLACE('aXbX', 'X', '-')", "a-b-"),
    ("REPLICATE('ab', 3)", "ababab"),
    ("INDEX_OF('abcabc', 'c', 3)", 5),
    ("INDEX_OF('abc', 'z')", -1),
    ("CONCAT('a', 1)", U),
    ("StringJoin(['a', 'b'], '-')", "a-b"),
    ("StringSplit('a,b', ',')", ["a", "b"]),
    ("STRINGEQUALS('A', 'a', true)", True),
    ("REGEXMATCH('abc', 'B', 'i')", True),
    ("REGEXMATCH('abc', '(')", U),
    ("'a%b' LIKE 'a!%b' ESCAPE '!'", True),
    ("'axb' LIKE 'a!%b' ESCAPE '!'", False),
    ("'b' LIKE '[^a]'", True),
    ("ToString(1.50)", "1.5"),
    ("ToString([1, 'a'])", '[1,"a"]'),
    ("StringToNumber(' 42 ')", 42),
    ("StringToNumber('x')", U),
    ("StringToBoolean('true')", True),
    ("StringToArray('[1]')", [1]),
    ("StringToObject('{\"a\": 1}')", {"a": 1}),
    ("StringToObject('[1')", U),
    ("IS_INTEGER(3.0)", True),
    ("IS_PRIMITIVE([])", False),
    ("IS_NUMBER(true)", False),
    ("IS_BOOL(c.missing)", False),
    ("ARRAY_CONTAINS([1, {'a': 1, 'b': 2}], {'a': 1}, true)", True),
    ("ARRAY_CONTAINS('a', 'a')", U),
    ("ARRAY_CONTAINS_ANY([1, 2], [2, 3])", True),
    ("ARRAY_CONTAINS_ALL([1, 2], 2, 3)", False),
    ("ARRAY_CONCAT([1], [2], [3])", [1, 2, 3]),
    ("ARRAY_SLICE([1, 2, 3], 1)", [2, 3]),
    ("ARRAY_SLICE([1, 2, 3], -2, 1)", [2]),
    ("SetIntersect([1, 2, 2], [2, 3])", [2]),
    ("SetUnion([1, 2], [2, 3])", [1, 2, 3]),
    ("SetDifference([1, 2], [2])", [1]),
    ("ObjectToArray({'a': 1})", [{"k": "a", "v": 1}]),
    ("CHOOSE(2, 'a', 'b')", "b"),
    ("ABS(-2)", 2),
    ("CEILING(1.2)", 2),
    ("FLOOR(-1.2)", -2),
    ("ROUND(2.5)", 3),
    ("ROUND(-2.5)", -3),
    ("ROUND(1.25, 1)", 1.3),
    ("TRUNC(-1.7)", -1),
    ("SIGN(-9)", -1),
    ("SQRT(-1)", U),
    ("POWER(2, 10)", 1024),
    ("LOG(8, 2)", 3),
    ("NumberBin(37, 10)", 30),
    ("IntDiv(7, 2)", 3),
    ("IntDiv(7, 0)", U),
    (f"DateTimeAdd('mm', 1, {DAY})", "2026-02-28T12:30:45.1234560Z"),
    (f"DateTimeAdd('dd', -31, {DAY})", "2025-12-31T12:30:45.1234560Z"),
    (f"DateTimePart('dw', {DAY})", 7),
    (f"DateTimePart('hh', {DAY})", 12),
    (f"DateTimeDiff('hour', '2026-01-31T11:59:59Z', {DAY})", 1),
    (f"DateTimeDiff('yyyy', '2025-12-31T23:59:59Z', {DAY})", 1),
    ("DateTimeFromParts(2026, 2, 3)", "2026-02-03T00:00:00.0000000Z"),
    ("DateTimeFromParts(2026, 13, 3)", U),
    ("DateTimeToTimestamp('1970-01-01T00:00:01Z')", 1000),
    ("TimestampToDateTime(1500)", "1970-01-01T00:00:01.5000000Z"),
    ("DateTimeToTicks('1970-01-01T00:00:01Z')", 10_000_000),
    ("TicksToDateTime(10000000)", "1970-01-01T00:00:01.0000000Z"),
    ("DateTimeAdd('dd', 1, 'tomorrow')", U),
    ("GetCurrentDateTime()", "1970-01-01T00:00:00.0000000Z"),
    ("ST_ISVALID({'type': 'Point', 'coordinates': [1, 2]})", True),
    ("ST_ISVALID({'type': 'Point'})", False),
    ("ST_DISTANCE({'type': 'Point', 'coordinates': [1]}, 5)", U),
]


@pytest.mark.parametrize(("expression", "value"), CASES)
def test_functions(expression: str, value: Any) -> None:
    found = evaluate(expression)
    assert found is value if value is U else found == value


def test_a_degree_along_the_equator() -> None:
    here, there = ({"type": "Point", "coordinates": [lon, 0]} for lon in (0, 1))
    metres = evaluate("ST_DISTANCE(c.here, c.there)", {"here": here, "there": there})
    assert metres == pytest.approx(111_195, abs=5)


@given(st.sampled_from(sorted(BUILT_IN)), st.data())
@settings(max_examples=400, deadline=None)
def test_no_function_fails_on_any_arguments(name: str, data: st.DataObject) -> None:
    function = BUILT_IN[name]
    most = min(function.most, function.least + 2)
    count = data.draw(st.integers(function.least, most))
    arguments = data.draw(st.lists(JSON, min_size=count, max_size=count))
    found = function.body(*arguments)
    assert found is UNDEFINED or encode(found)
