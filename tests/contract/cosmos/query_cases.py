"""Queries over the documents of `test_queries`, and what they find among given numbers."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

COUNT = 30
ALL = range(COUNT)
ONE = range(0, COUNT, 3)
Numbers = Sequence[int]

_ORIGIN = {"type": "Point", "coordinates": [4.0, 52.0]}
_BOX = [[3.995, 51.9], [4.025, 51.9], [4.025, 52.1], [3.995, 52.1], [3.995, 51.9]]


@dataclass(frozen=True)
class Case:
    """`expected` gets the numbers of the documents that the query sees."""

    query: str
    expected: Callable[[Numbers], list[Any]]
    parameters: dict[str, Any] = field(default_factory=dict)
    ordered: bool = False


def _ids(keep: Callable[[int], bool]) -> Callable[[Numbers], list[Any]]:
    return lambda numbers: [f"i{number:02}" for number in numbers if keep(number)]


def _where(condition: str, keep: Callable[[int], bool], **parameters: Any) -> Case:
    named = {f"@{name}": value for name, value in parameters.items()}
    return Case(f"SELECT VALUE c.id FROM c WHERE {condition}", _ids(keep), named)


def _of_three(expression: str, value: Any) -> Case:
    return Case(f"SELECT VALUE {expression} FROM c WHERE c.n = 3", lambda _: [value])


FILTERS = (
    _where("c.s = @s", lambda n: n == 3, s="name03"),
    _where("true", lambda _: True),
    _where("c.nested.a.b = true AND c.n < 7", lambda n: n % 2 == 0 and n < 7),
    _where("c['n'] = 3", lambda n: n == 3),
    _where("ARRAY_CONTAINS(c.tags, @t) AND c.n < 10", lambda n: n % 5 == 0 and n < 10, t="m0"),
    _where("ARRAY_CONTAINS(@ids, c.id)", lambda n: n in (0, 3), ids=["i00", "i03"]),
    _where("ARRAY_CONTAINS(c.lines, {sku: 'k1'}, true)", lambda n: n % 2 == 1),
    _where("ARRAY_CONTAINS(c.lines, {sku: 'k1'})", lambda _: False),
    _where("STARTSWITH(c.s, 'name0')", lambda n: n < 10),
    _where("STARTSWITH(c.s, 'NAME00', true)", lambda n: n == 0),
    _where("CONTAINS(c.s, 'ME03', true)", lambda n: n == 3),
    _where("ENDSWITH(c.s, '3') AND UPPER(c.s) = 'NAME03'", lambda n: n == 3),
    _where("c.s LIKE 'name0%'", lambda n: n < 10),
    _where("c.s LIKE '_ame_[3-5]' AND c.s NOT LIKE '%4'", lambda n: n % 10 in (3, 5)),
    _where("IS_DEFINED(c.opt)", lambda n: n % 10 == 0),
    _where("c.opt != 10", lambda n: n in (0, 20)),
    _where("NOT (c.opt = 10)", lambda n: n in (0, 20)),
    _where("c.opt = 10 OR c.n = 3", lambda n: n in (3, 10)),
    _where("c.nothing = null", lambda _: True),
    _where("c.missing = null", lambda _: False),
    _where("c.s != null", lambda _: True),
    _where("c.s > 5", lambda _: False),
    _where("c.n IN (1, 3, 6)", lambda n: n in (1, 3, 6)),
    _where("c.n NOT IN (1, 3, 6) AND c.n < 8", lambda n: n in (0, 2, 4, 5, 7)),
    _where("c.n BETWEEN 3 AND 6", lambda n: 3 <= n <= 6),
    _where("EXISTS(SELECT VALUE l FROM l IN c.lines WHERE l.qty = 3)", lambda n: n == 3),
    _where("RegexMatch(c.s, '^NAME03$', 'i')", lambda n: n == 3),
    _where("ST_DISTANCE(c.loc, @p) < 1500", lambda n: n < 3, p=_ORIGIN),
    _where("ST_WITHIN(c.loc, @p)", lambda n: n < 3, p={"type": "Polygon", "coordinates": [_BOX]}),
    _where("c.n % 7 = 0 AND c.n * 2 + 1 > 20", lambda n: n % 7 == 0 and n > 9),
    _where("ARRAY_CONTAINS(@tags, c.tags[0])", lambda n: n % 2 == 1, tags=["odd"]),
    _where("c.s = 'name03' OR c.nested.a.b = true AND c.n < 3", lambda n: n in (0, 2, 3)),
    _where("STRINGEQUALS(c.s, 'NAME03', true) OR LENGTH(c.s) = 0", lambda n: n == 3),
    _where("c.lines[0].sku = 'k1' AND c['tags'][1] = 'm3'", lambda n: n % 10 == 3),
    _where("c.opt > 5 AND c.opt <= 20", lambda n: n in (10, 20)),
    _where("CONTAINS(c.s,'e03') AND LOWER(c.s) = 'name03'", lambda n: n == 3),
    _where("c.n * 2 = 6", lambda n: n == 3),
    _where("NOT IS_DEFINED(c.opt) AND NOT IS_NULL(c.n)", lambda n: n % 10 != 0),
    _where("IS_NULL(c.nothing) AND IS_ARRAY(c.tags) AND IS_OBJECT(c.nested)", lambda _: True),
    _where("(SELECT VALUE COUNT(1) FROM t IN c.tags) = 2 AND c.n = 3", lambda n: n == 3),
)

SHAPES = (
    Case("SELECT c.id, c.n AS num FROM c WHERE c.n = 3", lambda _: [{"id": "i03", "num": 3}]),
    Case("SELECT c.id, c.opt FROM c WHERE c.n = 3", lambda _: [{"id": "i03"}]),
    Case("SELECT VALUE c.opt FROM c", lambda numbers: [n for n in numbers if n % 10 == 0]),
    Case("SELECT 1, c.n FROM c WHERE c.n = 3", lambda _: [{"$1": 1, "n": 3}]),
    Case(
        "SELECT c.id, t AS tag FROM c JOIN t IN c.tags WHERE c.n = 3",
        lambda _: [{"id": "i03", "tag": "odd"}, {"id": "i03", "tag": "m3"}],
    ),
    Case(
        "SELECT VALUE c.id FROM c JOIN l IN c.lines WHERE l.sku = 'k1' AND l.qty >= 27",
        _ids(lambda n: n in (27, 29)),
    ),
    Case(
        "SELECT VALUE c.id FROM c JOIN (SELECT VALUE t FROM t IN c.tags WHERE t = 'odd') "
        "JOIN (SELECT VALUE l FROM l IN c.lines WHERE l.qty < 9)",
        _ids(lambda n: n % 2 == 1 and n < 9),
    ),
    Case(
        "SELECT VALUE m.name FROM c JOIN l IN c.lines "
        "JOIN m IN (SELECT VALUE [{sku: 'k0', name: 'zero'}, {sku: 'k1', name: 'one'}]) "
        "WHERE m.sku = l.sku AND c.n IN (3, 6)",
        lambda numbers: [["zero", "one"][n % 2] for n in numbers if n in (3, 6)],
    ),
    Case(
        "SELECT VALUE {n: r.n, of: {id: r.id}} FROM root r WHERE r.n = 3",
        lambda _: [{"n": 3, "of": {"id": "i03"}}],
    ),
    Case(
        "SELECT VALUE n.a FROM c.nested AS n WHERE NOT n.a.b",
        lambda numbers: [{"b": False} for n in numbers if n % 2],
    ),
    _of_three("CONCAT(c.id, '-', ToString(ARRAY_LENGTH(c.tags) + 1))", "i03-3"),
    _of_three("(c.opt ?? -1)", -1),
    _of_three("(c.n > 2 ? 'big' : 'small')", "big"),
    _of_three("IIF(c.n > 2, 'big', 'small')", "big"),
    _of_three("ARRAY(SELECT VALUE UPPER(t) FROM t IN c.tags)", ["ODD", "M3"]),
    _of_three("(GetCurrentTimestamp() > 1000)", True),
    _of_three("[c.n, c.missing, 'x']", [3, "x"]),
)

ORDERED = (
    Case("SELECT VALUE c.n FROM c ORDER BY c.n DESC", lambda n: list(reversed(n)), ordered=True),
    Case("SELECT VALUE c.n FROM c ORDER BY c.s", list, ordered=True),
    Case(
        "SELECT VALUE c.id FROM c WHERE ST_DISTANCE(c.loc, @p) < 1500 ORDER BY c.n",
        _ids(lambda n: n < 3),
        {"@p": _ORIGIN},
        ordered=True,
    ),
    Case("SELECT c.n FROM c ORDER BY c.n", lambda n: [{"n": i} for i in n], ordered=True),
    Case("SELECT TOP 2 VALUE c.n FROM c ORDER BY c.n", lambda n: list(n[:2]), ordered=True),
    Case(
        "SELECT VALUE c.n FROM c WHERE c.n > 4 ORDER BY c.n OFFSET @o LIMIT @l",
        lambda numbers: [n for n in numbers if n > 4][2:5],
        {"@o": 2, "@l": 3},
        ordered=True,
    ),
    Case(
        "SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 28 LIMIT 9",
        lambda n: list(n[28:]),
        ordered=True,
    ),
    Case(
        "SELECT DISTINCT VALUE c.grp FROM c ORDER BY c.grp",
        lambda numbers: sorted({f"g{n % 4}" for n in numbers}),
        ordered=True,
    ),
)

AGGREGATES = (
    Case("SELECT VALUE COUNT(1) FROM c", lambda n: [len(n)]),
    Case("SELECT VALUE COUNT(c.opt) FROM c", lambda n: [len([i for i in n if i % 10 == 0])]),
    Case("SELECT VALUE SUM(c.n) FROM c", lambda n: [sum(n)]),
    Case("SELECT VALUE AVG(c.n) FROM c", lambda n: [sum(n) / len(n)]),
    Case("SELECT VALUE MAX(c.n) FROM c WHERE c.n < 20", lambda n: [max(i for i in n if i < 20)]),
    Case(
        "SELECT VALUE COUNT(1) FROM c WHERE NOT IS_DEFINED(c.opt) AND NOT IS_NULL(c.n)",
        lambda numbers: [len([n for n in numbers if n % 10])],
    ),
    Case("SELECT VALUE MAX(c.n) FROM c", lambda n: [max(n)]),
    Case("SELECT VALUE MIN(c.s) FROM c", lambda n: [f"name{min(n):02}"]),
    Case("SELECT VALUE COUNT(1) FROM c WHERE c.n > 99", lambda _: [0]),
    Case("SELECT DISTINCT VALUE c.grp FROM c", lambda n: sorted({f"g{i % 4}" for i in n})),
    Case(
        "SELECT DISTINCT c.grp, c.pk FROM c WHERE c.grp = 'g0'",
        lambda numbers: [
            {"grp": "g0", "pk": pk} for pk in {f"p{n % 3}" for n in numbers if n % 4 == 0}
        ],
    ),
)

CASES = (*FILTERS, *SHAPES, *ORDERED, *AGGREGATES)

PARTITION_ONLY = (
    Case("SELECT COUNT(1) AS n, SUM(c.n) AS s FROM c", lambda n: [{"n": len(n), "s": sum(n)}]),
    Case("SELECT VALUE MAX(c.n) FROM c WHERE c.n > 99", lambda _: []),
    Case(
        "SELECT c.grp, COUNT(1) AS n FROM c GROUP BY c.grp",
        lambda numbers: [
            {"grp": name, "n": count}
            for name, count in Counter(f"g{n % 4}" for n in numbers).items()
        ],
    ),
    Case(
        "SELECT t, MAX(c.n) AS top FROM c JOIN t IN c.tags WHERE t IN ('odd', 'even') GROUP BY t",
        lambda numbers: [
            {"t": "even", "top": max(n for n in numbers if n % 2 == 0)},
            {"t": "odd", "top": max(n for n in numbers if n % 2)},
        ],
    ),
)
