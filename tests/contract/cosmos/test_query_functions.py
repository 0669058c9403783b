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

HERE = "{'type': 'Point', 'coordinates': [1, 1]}"
SQUARE = "{'type': 'Polygon', 'coordinates': [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}"
BOW = "{'type': 'Polygon', 'coordinates': [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}"
LINE = "{'type': 'LineString', 'coordinates': [[1, 1], [5, 5]]}"

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
    ("'ab' LIKE 'ab%b'", False),
    ("'abb' LIKE 'ab%b'", True),
    ("'xaybz' LIKE '%a%b%'", True),
    ("'xbya' LIKE '%a%b'", False),
    ("'aXbXc' LIKE '%X_'", True),
    ("'' LIKE '%'", True),
    ("'' LIKE '%%_'", False),
    ("REGEXMATCH('a\\nb', '^b$', 'm')", True),
    ("REGEXMATCH('abc', 'b', 'q')", U),
    ("ToNumber('1e3')", 1000),
    ("ToNumber(5)", 5),
    ("ToNumber(true)", U),
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
    ("ARRAY_CONTAINS_ANY([1, 2], 2, 3)", True),
    ("ARRAY_CONTAINS_ANY([1, 2], [2, 3])", False),
    ("ARRAY_CONTAINS_ANY([1, 2], undefined, 1)", True),
    ("ARRAY_CONTAINS_ANY([1, 2], undefined, 5)", U),
    ("ARRAY_CONTAINS_ANY(1, 1)", U),
    ("ARRAY_CONTAINS_ALL([1, 2], 2, 3)", False),
    ("ARRAY_CONTAINS_ALL([1, true, '3', [1, 2]], 1, true, '3', [1, 2])", True),
    ("ARRAY_CONTAINS_ALL([1, 2], 1, undefined)", U),
    ("ARRAY_CONTAINS_ALL([1, 2], 5, undefined)", False),
    ("ARRAY_AVG([1, 2, 6])", 3),
    ("ARRAY_MEDIAN([5, 1, 2, 4])", 3),
    ("ARRAY_SUM([1, 2.5])", 3.5),
    ("ARRAY_SUM([1, 'a'])", U),
    ("ARRAY_SUM([])", U),
    ("ARRAY_MAX([1, 'a', true])", "a"),
    ("ARRAY_MIN([3, 1, 2])", 1),
    ("ARRAY_MIN([[1]])", U),
    ("SetEqual([1, 2, 2], [2, 1])", True),
    ("SetEqual([1], [1, 2])", False),
    ("SetEqual([1], 1)", U),
    ("SetUnion([2, 1], [3, 2])", [2, 1, 3]),
    ("SetIntersect([{'a': 1}, 1], [1.0, {'a': 1.0}])", [{"a": 1}, 1]),
    ("LASTINDEXOF('abcabc', 'c')", 5),
    ("LASTINDEXOF('abc', 'z')", -1),
    ("SUBSTRINGBEFORE('A-B-C', '-')", "A"),
    ("SUBSTRINGAFTER('A-B-C', '-')", "B-C"),
    ("LASTSUBSTRINGBEFORE('bike::touring::frame', '::')", "bike::touring"),
    ("LASTSUBSTRINGAFTER('A-B-C', '-')", "C"),
    ("LASTSUBSTRINGAFTER('A-B-C', '+')", U),
    ("CONTAINS_ALL_CI('Have a nice day!', 'HAVE', 'NICE')", True),
    ("CONTAINS_ALL_CS('Have a nice day!', 'HAVE', 'NICE')", False),
    ("CONTAINS_ALL_CI('Have a nice day!', undefined, 'nice')", U),
    ("CONTAINS_ALL_CI('Have a nice day!', undefined, 'had')", False),
    ("CONTAINS_ANY_CI('Have a nice day!', undefined, 'NICE')", True),
    ("CONTAINS_ANY_CS('Have a nice day!', 'NICE', 'Day')", False),
    ("CONTAINS_ANY_CI('Have a nice day!', undefined, 'had')", U),
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
    ("IntDiv(-7, 2)", -3),
    ("IntMod(-7, 2)", -1),
    ("IntAdd(9223372036854774784, 1024)", -9223372036854775808),
    ("IntMul(3, 1.5)", U),
    ("IntBitAnd(15, 25)", 9),
    ("IntBitOr(100, 12)", 108),
    ("IntBitXor(15, 25)", 22),
    ("IntBitNot(65535)", -65536),
    ("IntBitLeftShift(16, 4)", 256),
    ("IntBitLeftShift(1, 64)", 0),
    ("IntBitLeftShift(1, -1)", U),
    ("IntBitRightShift(-16, 2)", -4),
    ("IntBitRightShift(16, 400)", 0),
    ("ROUND(1e300, 300)", 1e300),
    ("ROUND(5, 1e9)", 5),
    (f"DateTimeAdd('mm', 1, {DAY})", "2026-02-28T12:30:45.1234567Z"),
    (f"DateTimeAdd('dd', -31, {DAY})", "2025-12-31T12:30:45.1234567Z"),
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
    ("DateTimeAdd('dd', 1e15, '2026-01-01')", U),
    ("DateTimeAdd('yyyy', -3000, '2026-01-01')", U),
    ("DateTimeAdd('dw', 1, '2026-01-01')", U),
    ("DateTimeAdd('ns', 100, '2026-01-01')", "2026-01-01T00:00:00.0000001Z"),
    ("DateTimeAdd('mm', -1, '2024-03-31')", "2024-02-29T00:00:00.0000000Z"),
    (f"DateTimePart('mcs', {DAY})", 123456),
    (f"DateTimePart('ns', {DAY})", 123456700),
    (f"DateTimePart('century', {DAY})", U),
    (f"YEAR({DAY}) * 10000 + MONTH({DAY}) * 100 + DAY({DAY})", 20260131),
    ("DateTimeBin('2021-01-08T18:35:00', 'dd')", "2021-01-08T00:00:00.0000000Z"),
    ("DateTimeBin('2021-01-08T18:35:00', 'hh', 5)", "2021-01-08T15:00:00.0000000Z"),
    ("DateTimeBin('2021-01-08T18:35:00', 'dd', 7)", "2021-01-07T00:00:00.0000000Z"),
    (
        "DateTimeBin('2021-01-08T18:35:00', 'dd', 7, '1601-01-01T00:00:00')",
        "2021-01-04T00:00:00.0000000Z",
    ),
    ("DateTimeBin('2021-08-08', 'mm', 6)", "2021-07-01T00:00:00.0000000Z"),
    ("DateTimeBin('2021-08-08', 'dd', 0)", U),
    ("DateTimeFormat('2024-10-10 14:40:20', 'yyyyMMdd')", "20241010"),
    ("DateTimeFormat('2024-10-10 14:40:20', 'yyyy-MM-dd [HH:mm:ss]')", "2024-10-10 [14:40:20]"),
    (
        r"DateTimeFormat('2024-10-10 14:40:20', 'To\\da\\y i\\s: yyyy-MM-ddTHH:mm:ss.fff')",
        "Today is: 2024-10-10T14:40:20.000",
    ),
    (
        r"DateTimeFormat('2024-10-10 14:40:20', 'yyyy-MM-ddTHH:mm:ss.FFF')",
        "2024-10-10T14:40:20.",
    ),
    ("DateTimeFormat('2024-10-10 14:40:20', 'dddd d MMM yy h tt')", "Thursday 10 Oct 24 2 PM"),
    ("DateTimeFormat('2024-10-10', 5)", U),
    ("TimestampToDateTime(1e300)", U),
    ("GetCurrentTicks()", 0),
    ("GetCurrentDateTime()", "1970-01-01T00:00:00.0000000Z"),
    ("ST_ISVALID({'type': 'Point', 'coordinates': [1, 2]})", True),
    ("ST_ISVALID({'type': 'Point'})", False),
    ("ST_DISTANCE({'type': 'Point', 'coordinates': [1]}, 5)", U),
    ("ST_ISVALIDDETAILED({'type': 'Point', 'coordinates': [1, 2]})", {"valid": True}),
    (
        "ST_ISVALIDDETAILED({'type': 'Point', 'coordinates': [133.7, -184.3]})",
        {"valid": False, "reason": "Latitude values must be between -90 and 90 degrees."},
    ),
    (f"ST_ISVALID({BOW})", False),
    (f"ST_WITHIN({HERE}, {SQUARE})", True),
    (f"ST_WITHIN({SQUARE}, {SQUARE})", True),
    (f"ST_INTERSECTS({LINE}, {SQUARE})", True),
    (f"ST_WITHIN({LINE}, {SQUARE})", False),
    (f"ST_INTERSECTS({HERE}, {BOW})", U),
    (f"ST_DISTANCE({HERE}, {SQUARE})", 0),
    (f"ST_AREA({HERE})", 0),
    (f"ROUND(ST_AREA({SQUARE}) / 1e9)", 49),
    ("ST_AREA({'type': 'Circle'})", U),
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
